#include "projections/decoding.h"

#include <charconv>

namespace projections {

std::optional<HistoryKey> parse_history_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto patient = patient::PatientId::parse(key.substr(0, slash));
  const std::string_view digits = key.substr(slash + 1);
  std::int64_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (!patient || !whole || sequence < 1) return std::nullopt;
  return HistoryKey{std::move(*patient), patient::Sequence{sequence}};
}

DecodedState decode_state(ports::EventCodec& codec,
                          const patient::PatientId& key,
                          std::string_view value) {
  auto record = codec.decode_event(value);
  if (!record) return core::Failure{record.error()};
  if (record.value().patient_id != key) {
    return core::Failure{ports::Undecodable{"the value is another patient's than the key"}};
  }
  return std::move(record).value().state;
}

DecodedEvent decode_event(ports::EventCodec& codec, const HistoryKey& key, std::string_view value) {
  auto recorded = codec.decode_history(value);
  if (!recorded) return core::Failure{recorded.error()};
  const patient::Envelope& envelope = recorded.value().envelope;
  if (envelope.patient_id != key.patient || envelope.sequence != key.sequence) {
    return core::Failure{ports::Undecodable{"the value is another event's than the key"}};
  }
  return recorded;
}

}  // namespace projections
