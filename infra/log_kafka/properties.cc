#include <algorithm>
#include <array>

#include "infra/log_kafka/handles.h"
#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {
namespace {

struct Kept {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view kOneWriter = "one writer, and no lost or doubled event, rest on it";
constexpr std::string_view kReading = "that readers see all that is committed, and nothing else";
constexpr std::string_view kGroups = "where work goes on after a crash rests on it";

// What our promises rest on, by every name that librdkafka has for it.
constexpr std::array<Kept, 27> kKept = {{
    {"bootstrap.servers", "--kafka names the brokers"},
    {"metadata.broker.list", "--kafka names the brokers"},
    {"transactional.id", kOneWriter},
    {"enable.idempotence", kOneWriter},
    {"acks", kOneWriter},
    {"request.required.acks", kOneWriter},
    {"max.in.flight", kOneWriter},
    {"max.in.flight.requests.per.connection", kOneWriter},
    {"enable.gapless.guarantee", kOneWriter},
    {"delivery.report.only.error", kOneWriter},
    {"queuing.strategy", kOneWriter},
    {"isolation.level", kReading},
    {"enable.partition.eof", kReading},
    {"auto.offset.reset", kReading},
    {"check.crcs", kReading},
    {"group.id", kGroups},
    {"group.instance.id", kGroups},
    {"partition.assignment.strategy", kGroups},
    {"enable.auto.commit", kGroups},
    {"auto.commit.enable", kGroups},
    {"enable.auto.offset.store", kGroups},
    {"offset.store.method", kGroups},
    {"partitioner", "a record's partition is murmur2 of its key, on every log"},
    {"allow.auto.create.topics", "`kartei topics create` makes topics"},
    {"enabled_events", "the program asks for what it needs"},
    {"test.mock.num.brokers", "a log needs real brokers"},
    {"plugin.library.paths", "code that is loaded could undo every promise"},
}};

}  // namespace

bool is_kept(std::string_view name) {
  return std::any_of(
      kKept.begin(), kKept.end(), [&](const Kept& kept) { return kept.name == name; });
}

std::optional<std::string> why_not(const std::string& name, const std::string& value) {
  for (const Kept& kept : kKept) {
    if (kept.name == name) return name + " is not for the operator: " + std::string{kept.why};
  }
  const Config scratch{rd_kafka_conf_new()};
  switch (rd_kafka_conf_set(scratch.get(), name.c_str(), value.c_str(), nullptr, 0)) {
    case RD_KAFKA_CONF_OK: return std::nullopt;
    case RD_KAFKA_CONF_UNKNOWN:
      return "the Kafka client (librdkafka " + std::string{rd_kafka_version_str()} +
             ") has no property " + name;
    case RD_KAFKA_CONF_INVALID: break;
  }
  return name + " does not take this value";
}

}  // namespace infra::log_kafka
