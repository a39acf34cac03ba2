#include "infra/service/described.h"

namespace infra::service {

using core::Raw;

namespace {

Raw text(std::string_view value) { return Raw{std::string{value}}; }

}  // namespace

Raw described(ports::Topic topic, const ports::Record& record, ports::EventCodec& codec) {
  Raw::Object object{{"topic", text(name(topic))},
                     {"partition", Raw{std::int64_t{record.partition.get()}}},
                     {"offset", Raw{record.offset.get()}},
                     {"appended_at", Raw{core::format(record.appended_at)}},
                     {"key", text(record.key)}};
  if (!record.value) {
    object.emplace_back("type", text("tombstone"));
    return Raw{std::move(object)};
  }
  object.emplace_back("bytes", Raw{static_cast<std::int64_t>(record.value->size())});
  if (ports::is_reserved(record.key)) return Raw{std::move(object)};
  if (topic == ports::Topic::patient_events) {
    const auto decoded = codec.decode_event(*record.value);
    if (decoded) {
      object.emplace_back("event_id", Raw{decoded.value().event_id.get().text()});
      object.emplace_back("sequence", Raw{decoded.value().state.sequence.get()});
    } else {
      object.emplace_back("error", Raw{decoded.error().why});
    }
    return Raw{std::move(object)};
  }
  const auto decoded = codec.decode_history(*record.value);
  if (!decoded) {
    object.emplace_back("error", Raw{decoded.error().why});
    return Raw{std::move(object)};
  }
  const patient::Envelope& envelope = decoded.value().envelope;
  object.emplace_back("event_id", Raw{envelope.event_id.get().text()});
  object.emplace_back("sequence", Raw{envelope.sequence.get()});
  object.emplace_back("type", text(name(type_of(decoded.value().event))));
  object.emplace_back("occurred_at", Raw{core::format(envelope.occurred_at)});
  object.emplace_back("recorded_at", Raw{core::format(envelope.recorded_at)});
  object.emplace_back("actor", Raw{envelope.actor});
  object.emplace_back("command_id", Raw{envelope.command_id.get().text()});
  object.emplace_back("correlation_id", Raw{envelope.correlation_id.get().text()});
  Raw::Array keys;
  for (const patient::KeyChange& change : decoded.value().changes)
    keys.push_back(text(name(change.key)));
  object.emplace_back("changed_keys", Raw{std::move(keys)});
  return Raw{std::move(object)};
}

}  // namespace infra::service
