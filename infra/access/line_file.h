#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace infra::access {

// What went wrong with a file, or that it is over: a sentence with the file's name. Called once
// when trouble begins and once when it has ended, by the file's own thread or by a caller of
// flush(), one at a time. Must not throw, nor call the file.
using Trouble = std::function<void(const std::string& sentence)>;

// Lines appended to a file, for ever. Adding one never waits for the disk: a thread of the file's
// own writes what has come at least every second, and looks whether the file was moved away, in
// which case it makes a new one (mode 0600). While the disk refuses, up to kWaitingBytesMax are
// kept and what comes after that is lost and counted. Any thread may call it.
class LineFile {
 public:
  static constexpr std::size_t kWaitingBytesMax = std::size_t{1024} * 1024;

  // Throws core::Broken (io) when the file cannot be opened: at the start somebody still looks.
  LineFile(std::filesystem::path path, Trouble trouble);
  ~LineFile();  // flushes
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  // `line` has no line break; it gets one.
  void add(std::string_view line);
  // Hands all that was added before to the system now, or finds that it cannot.
  void flush();

 private:
  void run();
  // These three have writing_. The first two return an errno, or 0.
  [[nodiscard]] int open();
  [[nodiscard]] int write();
  void report(int error, std::uint64_t lost);

  const std::filesystem::path path_;
  const Trouble trouble_;

  std::mutex writing_;  // for the next ones; taken before mutex_
  int file_ = -1;
  std::string unwritten_;    // begins with a line
  std::size_t written_ = 0;  // so much of its first line is in the file
  bool in_trouble_ = false;
  std::uint64_t lost_in_trouble_ = 0;  // lines

  std::mutex mutex_;  // for the next ones
  std::condition_variable wake_;
  std::string waiting_;
  std::size_t unwritten_bytes_ = 0;  // as writing_'s holder last said
  std::uint64_t lost_ = 0;           // lines, since writing_'s holder last asked
  bool stop_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace infra::access
