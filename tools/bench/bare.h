#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace bench {

// A file that grows: what a durable append costs when there is nothing else to it.
class BareFile {
 public:
  // Throws core::Broken (io).
  explicit BareFile(const std::filesystem::path& path);
  ~BareFile();
  BareFile(const BareFile&) = delete;
  BareFile& operator=(const BareFile&) = delete;

  // write, then fdatasync.
  void append(std::string_view bytes);

 private:
  int file_;
};

// Group commit and nothing else: what is waiting is written at once and synced once.
class BareAppender {
 public:
  explicit BareAppender(const std::filesystem::path& path);
  ~BareAppender();
  BareAppender(const BareAppender&) = delete;
  BareAppender& operator=(const BareAppender&) = delete;

  [[nodiscard]] std::future<void> append(std::string bytes);

 private:
  struct Waiting {
    std::string bytes;
    std::promise<void> done;
  };
  void run();

  BareFile file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bench
