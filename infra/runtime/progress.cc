#include "infra/runtime/progress.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

namespace infra::runtime {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kTerminalPause{250};
constexpr std::chrono::seconds kPlainPause{3};

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  std::ostringstream text;
  if (whole >= 3600) text << whole / 3600 << " h ";
  if (whole >= 60) text << whole / 60 % 60 << " min ";
  text << whole % 60 << " s";
  return text.str();
}

}  // namespace

ProgressReporter::ProgressReporter(std::ostream& out, StatusLine& status, Now now)
    : out_(out), status_(status), now_(std::move(now)) {}

void ProgressReporter::report(std::string_view what, std::int64_t done, std::int64_t total) {
  const auto now = now_();
  if (what != what_ || done < last_) {
    clear();
    what_ = what;
    first_ = done;
    begun_ = now;
    printed_ = now;
  }
  last_ = done;
  const auto pause =
      status_.on_terminal() ? std::chrono::milliseconds{kTerminalPause} : kPlainPause;
  if (now - printed_ < pause) return;
  printed_ = now;
  const std::string text = line(now - begun_, done, total);
  if (status_.on_terminal()) {
    status_.show(text);
  } else {
    status_.above([&] { out_ << text << '\n' << std::flush; });
  }
}

std::string ProgressReporter::line(Seconds elapsed, std::int64_t done, std::int64_t total) const {
  const double rate = static_cast<double>(done - first_) / elapsed.count();
  std::ostringstream text;
  text << what_ << ": " << done;
  if (total > 0) text << " of " << total;
  text << ", " << static_cast<std::int64_t>(rate) << "/s";
  if (total > 0) {
    const std::int64_t shown = std::min(done, total);
    text << ", " << shown * 100 / total << " %";
    if (rate >= 1)
      text << ", " << duration_text(static_cast<double>(total - shown) / rate) << " left";
  }
  return text.str();
}

}  // namespace infra::runtime
