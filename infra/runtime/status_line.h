#pragma once

#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>

namespace infra::runtime {

// The last line of a terminal, which tells how things stand: rewritten in place, cut off where the
// terminal ends, and out of the way of lines that are printed to stay. Where there is no terminal
// nothing of it is printed. Any thread may call it.
class StatusLine {
 public:
  // `out` must outlive it. Others print to it only within above(), or behind clear().
  StatusLine(std::ostream& out, bool terminal);
  // Clears it.
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  [[nodiscard]] bool on_terminal() const noexcept { return terminal_; }
  // `text` has no control characters.
  void show(std::string_view text);
  void clear();
  // Runs `print`, which prints whole lines to the same stream: they stand where the status line
  // did, and the next show() is below them.
  void above(const std::function<void()>& print);

 private:
  void clear_held();  // under `mutex_`

  std::ostream& out_;
  bool terminal_;
  std::mutex mutex_;  // for the next one, and for the stream
  std::string shown_;
};

}  // namespace infra::runtime
