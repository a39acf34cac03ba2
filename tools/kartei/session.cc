#include "tools/kartei/session.h"

#include <utility>

#include "tools/kartei/answer.h"

namespace kartei {

namespace {

infra::log_kafka::Properties checked(const std::vector<infra::runtime::KafkaProperty>& given) {
  infra::log_kafka::Properties properties;
  for (const infra::runtime::KafkaProperty& property : given) {
    if (const auto why = infra::log_kafka::why_not(property.name, property.value))
      decline_usage(property.origin + ": " + *why);
    properties.emplace_back(property.name, property.value);
  }
  return properties;
}

}  // namespace

Session::Session(const SessionSettings& given,
                 std::unique_ptr<ports::Clock> clock,
                 const Invocation& invocation,
                 const Within* within)
    : settings_(given.settings),
      kafka_properties_(checked(given.kafka_properties)),
      clock_(std::move(clock)),
      logger_(invocation.err, settings_.log_level),
      status_(invocation.err, invocation.start.terminal),
      progress_(invocation.err, status_),
      input_{invocation.in,
             invocation.start.folder,
             within == nullptr ? std::filesystem::path{} : within->settings.data},
      out_(invocation.out),
      json_(given.json),
      within_(within) {}

infra::service::Kartei& Session::kartei() {
  if (kartei_) return *kartei_;
  auto own = surroundings();
  kartei_ = within_ == nullptr
                ? std::make_unique<infra::service::Kartei>(std::move(own))
                : within_->host.guest({std::move(own.progress), std::move(own.notice), true});
  return *kartei_;
}

void Session::expect_wanted() const {
  if (within_ != nullptr) within_->expect_wanted();
}

infra::service::Surroundings Session::surroundings() {
  const auto notice = [this](std::string_view sentence) {
    status_.above([&] { logger_.info(sentence); });
  };
  const auto progress = [this](const infra::service::Progress& now) {
    expect_wanted();
    progress_.report(now.what, now.done, now.total);
  };
  std::optional<infra::log_kafka::Settings> kafka;
  if (settings_.brokers) {
    kafka.emplace();
    kafka->brokers = *settings_.brokers;
    kafka->topic_prefix = settings_.topic_prefix;
    kafka->properties = kafka_properties_;
    kafka->log = [this](std::string_view line) { status_.above([&] { logger_.debug(line); }); };
  }
  std::set<infra::service::Outbound> outbound;
  for (const std::string& name : settings_.outbound) {
    const auto known = infra::service::parse_outbound(name);
    if (!known) decline_usage("--outbound knows " + infra::service::known_outbound());
    outbound.insert(*known);
  }
  return {settings_.data, *clock_, ids_, notice, progress, kafka, outbound, take_over_};
}

}  // namespace kartei
