#include "tools/kartei/session.h"

#include <utility>

#include "tools/kartei/answer.h"

namespace kartei {

Session::Session(const infra::runtime::Settings& settings,
                 std::unique_ptr<ports::Clock> clock,
                 std::istream& in,
                 std::ostream& err,
                 bool terminal)
    : settings_(settings),
      clock_(std::move(clock)),
      logger_(err, settings.log_level),
      progress_(err, terminal),
      in_(in) {}

infra::service::Kartei& Session::kartei() {
  if (kartei_) return *kartei_;
  if (settings_.brokers) {
    decline_usage(
        "the log on Kafka comes with a later version; leave --kafka out or set "
        "KAFKA_ENABLED=false, and the log is a file in the data directory");
  }
  const auto notice = [this](std::string_view sentence) {
    progress_.clear();
    logger_.info(sentence);
  };
  const auto progress = [this](const infra::service::Progress& now) {
    progress_.report(now.what, now.done, now.total);
  };
  kartei_.emplace(infra::service::Surroundings{settings_.data, *clock_, ids_, notice, progress});
  return *kartei_;
}

}  // namespace kartei
