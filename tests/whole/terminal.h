#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace whole {

// A terminal (a pseudo-terminal of the kernel) and what its screen would show of what programs
// print to it: of the control sequences it knows those that we use, and throws on any other.
class Terminal {
 public:
  explicit Terminal(std::size_t columns);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // What programs open.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Reads what is printed until it has happened. False: it has not, in that time.
  [[nodiscard]] bool await(const std::function<bool()>& happened,
                           std::chrono::milliseconds limit = std::chrono::seconds{60});
  // Reads on until nobody has it open any more.
  void drain();

  // The screen, top down; the last line is the one that the cursor is in.
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::string& last_line() const { return lines_.back(); }
  [[nodiscard]] std::string text() const;

 private:
  // False: nothing came, in that time, or nobody has it open any more.
  bool read(int milliseconds);
  void take(char c);
  void obey(const std::string& sequence);

  std::size_t columns_;
  int screen_side_;
  std::filesystem::path path_;
  std::vector<std::string> lines_{""};
  std::size_t column_ = 0;
  bool wraps_ = true;
  std::string sequence_;  // one that has begun
};

}  // namespace whole
