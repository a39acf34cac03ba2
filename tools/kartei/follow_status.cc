#include "tools/kartei/follow_status.h"

#include <algorithm>
#include <optional>

#include "tools/kartei/table.h"

namespace kartei {
namespace {

using infra::service::Host;

constexpr std::chrono::seconds kBetween{1};

std::int64_t per_second(std::int64_t before, std::int64_t after, std::chrono::duration<double> in) {
  // A read model that is made again begins anew: no rate is below nothing.
  const auto more = static_cast<double>(std::max<std::int64_t>(0, after - before));
  return static_cast<std::int64_t>(more / in.count());
}

// A part of the line, where there is something to say.
std::string counted(const char* what, std::int64_t count) {
  return count == 0 ? "" : std::string{"; "} + what + ": " + std::to_string(count);
}
std::string trouble(const char* of, const std::string& why) {
  return why.empty() ? "" : std::string{"; "} + of + why;
}

}  // namespace

void FollowStatus::measure(Counts counts, Time now) {
  if (measures_ && now - since_ < kBetween) return;
  if (measures_) {
    const std::chrono::duration<double> in = now - since_;
    rates_ = {per_second(before_.read, counts.read, in),
              per_second(before_.recorded, counts.recorded, in)};
  }
  measures_ = true;
  before_ = counts;
  since_ = now;
}

std::string FollowStatus::line(const Host::Health& health, Time now) {
  std::optional<std::int64_t> read;
  std::int64_t behind = 0;
  std::int64_t missing = 0;
  std::int64_t quarantined = 0;
  for (const Host::Model& model : health.models) {
    missing += model.there ? 0 : 1;
    if (!model.there) continue;
    read = std::min(read.value_or(model.position), model.position);
    behind = std::max(behind, model.lag_events);
    quarantined = std::max(quarantined, model.quarantined);
  }
  std::string text = !health.opened ? "opening the log" : health.writer ? "writer" : "standby";
  if (read) {
    measure({*read, health.consumed.recorded}, now);
    text += ": " + std::to_string(*read) + " read, " + std::to_string(behind) + " behind, " +
            std::to_string(rates_.read) + "/s";
  }
  text += counted("read models being made", missing);
  text += counted("quarantined patients", quarantined);
  text += counted("commands waiting", static_cast<std::int64_t>(health.commands_waiting));
  text += counted("contacts taken in", health.consumed.recorded);
  if (health.consumed.recorded > 0) text += ", " + std::to_string(rates_.recorded) + "/s";
  text += counted("dead letters", health.consumed.dead);
  text += trouble("", health.writing.trouble);
  if (health.projecting.trouble != health.writing.trouble)
    text += trouble("read models: ", health.projecting.trouble);
  return printable(text);
}

}  // namespace kartei
