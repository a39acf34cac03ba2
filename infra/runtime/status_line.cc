#include "infra/runtime/status_line.h"

#include <ostream>

namespace infra::runtime {
namespace {

// ECMA-48 and DEC's private modes, as every terminal of today has them.
constexpr std::string_view kToTheLeft = "\r";
constexpr std::string_view kEraseToTheRight = "\x1b[K";
constexpr std::string_view kCutOff = "\x1b[?7l";  // A line that wraps could not be rewritten.
constexpr std::string_view kWrap = "\x1b[?7h";

}  // namespace

StatusLine::StatusLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::show(std::string_view text) {
  const std::lock_guard lock{mutex_};
  if (!terminal_ || text == shown_) return;
  out_ << kToTheLeft << kEraseToTheRight << kCutOff << text << kWrap << std::flush;
  shown_ = text;
}

void StatusLine::clear() {
  const std::lock_guard lock{mutex_};
  clear_held();
}

void StatusLine::above(const std::function<void()>& print) {
  const std::lock_guard lock{mutex_};
  clear_held();
  print();
}

void StatusLine::clear_held() {
  if (shown_.empty()) return;
  out_ << kToTheLeft << kEraseToTheRight << std::flush;
  shown_.clear();
}

}  // namespace infra::runtime
