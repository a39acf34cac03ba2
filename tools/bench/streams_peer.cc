#include "tools/bench/streams_peer.h"

#include <stdexcept>

#include "infra/codec/json.h"
#include "tools/bench/child.h"

namespace bench {
namespace {

double number(const core::Raw& document, const std::string& name) {
  if (const auto* members = document.as<core::Raw::Object>()) {
    for (const auto& [key, value] : *members) {
      if (key != name) continue;
      if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
      if (const auto* real = value.as<double>()) return *real;
    }
  }
  throw std::runtime_error("the peer of Kafka Streams does not say its " + name);
}

}  // namespace

Restored restore_with_streams(const std::filesystem::path& program,
                              const std::string& brokers,
                              const std::string& topic,
                              const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  const std::string classes = (program / "classes").string() + ":" + (program / "lib/*").string();
  const std::string said = output_of({"java",
                                      "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                                      "-cp",
                                      classes,
                                      "StreamsPeer",
                                      brokers,
                                      topic,
                                      folder.string()});
  std::filesystem::remove_all(folder);
  const auto document = infra::codec::read_json(said);
  if (!document) throw std::runtime_error("the peer of Kafka Streams prints no JSON");
  return {static_cast<std::int64_t>(number(document.value(), "events")),
          static_cast<std::int64_t>(number(document.value(), "rows")),
          number(document.value(), "seconds"),
          number(document.value(), "cpu_seconds")};
}

}  // namespace bench
