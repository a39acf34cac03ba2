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
  std::set<infra::service::Outbound> outbound;
  for (const std::string& name : settings_.outbound) {
    const auto known = infra::service::parse_outbound(name);
    if (!known) decline_usage("--outbound knows " + infra::service::known_outbound());
    outbound.insert(*known);
  }
  kartei_.emplace(infra::service::Surroundings{
      settings_.data, *clock_, ids_, notice, progress, kafka, outbound, take_over_});
  return *kartei_;
}

}  // namespace kartei
