#include "infra/service/outbound.h"

#include "domain/core/expects.h"
#include "infra/codec/curavani.h"

namespace infra::service {
namespace {

constexpr std::string_view kCuravani = "curavani";
constexpr std::string_view kCuravaniTopic = "patient-events";

}  // namespace

std::optional<Outbound> parse_outbound(std::string_view name) {
  if (name == kCuravani) return Outbound::curavani;
  return std::nullopt;
}

std::string known_outbound() { return std::string{kCuravani}; }

std::vector<std::string> topics_of(Outbound outbound) {
  switch (outbound) {
    case Outbound::curavani: return {std::string{kCuravaniTopic}};
  }
  core::expects(false, "every contract has its topics");
  return {};
}

ports::OutboundContract contract_of(Outbound outbound) {
  core::expects(outbound == Outbound::curavani, "every contract has its form");
  return [](const patient::Recorded& recorded,
            const patient::State& after) -> std::optional<ports::Announcement> {
    auto message = codec::curavani_message(recorded, after);
    if (!message) return std::nullopt;
    return ports::Announcement{
        std::string{kCuravaniTopic}, recorded.envelope.patient_id.text(), std::move(*message)};
  };
}

}  // namespace infra::service
