#include "tools/kartei/session.h"

#include <utility>

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
  const auto notice = [this](std::string_view sentence) {
    progress_.clear();
    logger_.info(sentence);
  };
  const auto progress = [this](const infra::service::Progress& now) {
    progress_.report(now.what, now.done, now.total);
  };
  std::optional<infra::log_kafka::Settings> kafka;
  if (settings_.brokers) {
    kafka.emplace();
    kafka->brokers = *settings_.brokers;
    kafka->topic_prefix = settings_.topic_prefix;
  }
  kartei_.emplace(
      infra::service::Surroundings{settings_.data, *clock_, ids_, notice, progress, kafka});
  return *kartei_;
}

}  // namespace kartei
