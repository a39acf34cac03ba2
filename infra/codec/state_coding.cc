#include "infra/codec/state_coding.h"

#include <bitset>

#include "domain/core/match.h"

namespace infra::codec {
namespace {

using patient::Key;
using patient::OnFile;
using patient::State;
using Wire = wire::State;

bool beside_the_fields(Key key) {
  return key == Key::id || key == Key::ausgeschlossene_therapeuten;
}

void write_patient(const OnFile& patient, WireWriter& out) {
  out.number(Wire::kStatusSinceFieldNumber, micros_of(patient.status_since));
  for (const patient::KeyInfo& known : patient::all_keys()) {
    const patient::Value& value = patient.fields[known.key];
    if (is_null(value) || beside_the_fields(known.key)) continue;
    out.message(Wire::kFieldsFieldNumber, [&] {
      write(value, out);
      out.number(wire::Value::kKeyFieldNumber, static_cast<std::int64_t>(known.key));
    });
  }
  for (const auto& [therapist, exclusion] : patient.exclusions) {
    out.message(Wire::kExclusionsFieldNumber, [&, &number = therapist, &why = exclusion] {
      out.number(wire::Exclusion::kTherapistFieldNumber, number.get());
      if (why.reason) out.set_bytes(wire::Exclusion::kReasonFieldNumber, utf8(*why.reason));
      out.day(wire::Exclusion::kSinceFieldNumber, days_of(why.since));
    });
  }
}

void write_last_contact(const patient::LastContact& contact, WireWriter& out) {
  out.number(wire::LastContact::kAtFieldNumber, micros_of(contact.at));
  out.number(wire::LastContact::kChannelFieldNumber, to_wire(contact.channel));
  out.bytes(wire::LastContact::kSourceFieldNumber, utf8(contact.source));
}

void write_command(const patient::RememberedCommand& command, WireWriter& out) {
  out.bytes(wire::RememberedCommand::kIdFieldNumber, bytes_of(command.id.get()));
  out.fixed(wire::RememberedCommand::kDigestFieldNumber, command.digest.get());
  out.number(wire::RememberedCommand::kSequenceFieldNumber, command.sequence.get());
  if (command.events.empty()) return;
  out.message(wire::RememberedCommand::kEventsFieldNumber, [&] {
    for (const patient::EventType type : command.events)
      out.append_varint(static_cast<std::uint64_t>(to_wire(type)));
  });
}

int standing_of(const State& state) {
  return core::match(
      state.standing,
      [](const patient::NeverSeen&) { return wire::STANDING_NEVER_SEEN; },
      [](const patient::Expected&) { return wire::STANDING_EXPECTED; },
      [](const OnFile&) { return wire::STANDING_ON_FILE; },
      [](const patient::Gone&) { return wire::STANDING_GONE; });
}

patient::LastContact read_last_contact(WireReader in) {
  std::int64_t at = 0;
  int channel = 0;
  std::string source;
  while (in.next()) {
    if (in.field() == wire::LastContact::kAtFieldNumber) at = in.number();
    if (in.field() == wire::LastContact::kChannelFieldNumber) channel = in.small_number();
    if (in.field() == wire::LastContact::kSourceFieldNumber) source = in.text();
  }
  return {read_time(at, in.verdict()), read_channel(channel, in.verdict()), std::move(source)};
}

patient::RememberedCommand read_command(WireReader in) {
  std::string_view id;
  std::uint64_t digest = 0;
  std::int64_t sequence = 0;
  patient::EventTypes events;
  while (in.next()) {
    switch (in.field()) {
      case wire::RememberedCommand::kIdFieldNumber: id = in.bytes(); break;
      case wire::RememberedCommand::kDigestFieldNumber: digest = in.fixed(); break;
      case wire::RememberedCommand::kSequenceFieldNumber: sequence = in.number(); break;
      case wire::RememberedCommand::kEventsFieldNumber:
        for (WireReader packed = in.message(); !packed.at_end();)
          events.push_back(
              read_event_type(static_cast<int>(packed.take_varint() & 0xFF), in.verdict()));
        break;
      default: break;
    }
  }
  return {patient::CommandId{read_uuid(id, in.verdict())},
          patient::Digest{digest},
          patient::Sequence{sequence},
          std::move(events)};
}

// What only a patient on file has, and which keys were there.
class PatientReader {
 public:
  explicit PatientReader(State& state) : state_(state) {}

  [[nodiscard]] bool began() const { return patient_ != nullptr; }
  OnFile& patient() {
    if (patient_ == nullptr) patient_ = &state_.standing.emplace<OnFile>();
    return *patient_;
  }

  void read_field(WireReader in) {
    KeyedValue read = read_value(in);
    Verdict& verdict = in.verdict();
    const Key key = read_key(read.key, verdict);
    const auto at = static_cast<std::size_t>(key);
    verdict.demand(!seen_.test(at) && !beside_the_fields(key), "a key is where it must not be");
    seen_.set(at);
    const bool null = is_null(read.value);
    verdict.demand(!null, "a key is null and yet there");
    verdict.demand(null || fits(key, read.value), "a value does not fit its key");
    patient().fields.set(key, std::move(read.value));
  }

  void read_exclusion(WireReader in) {
    std::int64_t therapist = 0;
    std::int32_t since = 0;
    patient::Exclusion exclusion;
    while (in.next()) {
      if (in.field() == wire::Exclusion::kTherapistFieldNumber) therapist = in.number();
      if (in.field() == wire::Exclusion::kReasonFieldNumber) exclusion.reason = in.text();
      if (in.field() == wire::Exclusion::kSinceFieldNumber) since = in.day();
    }
    Verdict& verdict = in.verdict();
    exclusion.since = read_date(since, verdict);
    auto& exclusions = patient().exclusions;
    const std::size_t before = exclusions.size();
    exclusions.emplace_hint(
        exclusions.end(), read_therapist(therapist, verdict), std::move(exclusion));
    verdict.demand(exclusions.size() > before, "a therapist is excluded twice");
  }

  void finish(Verdict& verdict) {
    for (const patient::KeyInfo& known : patient::all_keys()) {
      if (seen_.test(static_cast<std::size_t>(known.key)) || beside_the_fields(known.key)) continue;
      patient().fields.set(known.key, patient::None{});
      verdict.demand(fits(known.key, patient::None{}), "a key that is never null is missing");
    }
  }

 private:
  State& state_;
  OnFile* patient_ = nullptr;
  std::bitset<patient::kKeyCount + 1> seen_;
};

void finish_standing(int standing, PatientReader& patient, State& state, Verdict& verdict) {
  if (standing == wire::STANDING_ON_FILE) return patient.finish(verdict);
  verdict.demand(!patient.began(), "a patient who is not on file has fields");
  switch (standing) {
    case wire::STANDING_NEVER_SEEN: state.standing = patient::NeverSeen{}; break;
    case wire::STANDING_EXPECTED: state.standing = patient::Expected{}; break;
    case wire::STANDING_GONE: state.standing = patient::Gone{}; break;
    default: verdict.refuse("the standing is unknown");
  }
}

}  // namespace

void write(const State& state, WireWriter& out) {
  out.number(Wire::kSequenceFieldNumber, state.sequence.get());
  out.number(Wire::kSequenceWithoutContactsFieldNumber, state.sequence_without_contacts.get());
  out.number(Wire::kRecordedAtFieldNumber, micros_of(state.recorded_at));
  out.number(Wire::kStandingFieldNumber, standing_of(state));
  if (const OnFile* patient = state.on_file()) write_patient(*patient, out);
  if (state.last_contact)
    out.message(Wire::kLastContactFieldNumber,
                [&] { write_last_contact(*state.last_contact, out); });
  if (!state.contact_sources.empty()) {
    out.message(Wire::kContactSourcesFieldNumber, [&] {
      out.append_fixed({state.contact_sources.begin(), state.contact_sources.end()});
    });
  }
  if (state.registration)
    out.message(Wire::kRegistrationFieldNumber, [&] { write(*state.registration, out); });
  for (const patient::RememberedCommand& command : state.commands)
    out.message(Wire::kCommandsFieldNumber, [&] { write_command(command, out); });
}

void read_state(WireReader in, State& state) {
  Verdict& verdict = in.verdict();
  PatientReader patient{state};
  int standing = 0;
  std::vector<std::uint64_t> sources;
  std::vector<patient::RememberedCommand> commands;
  while (in.next()) {
    switch (in.field()) {
      case Wire::kSequenceFieldNumber: state.sequence = patient::Sequence{in.number()}; break;
      case Wire::kSequenceWithoutContactsFieldNumber:
        state.sequence_without_contacts = patient::Sequence{in.number()};
        break;
      case Wire::kRecordedAtFieldNumber: state.recorded_at = read_time(in.number(), verdict); break;
      case Wire::kStandingFieldNumber: standing = in.small_number(); break;
      case Wire::kStatusSinceFieldNumber:
        patient.patient().status_since = read_time(in.number(), verdict);
        break;
      case Wire::kFieldsFieldNumber: patient.read_field(in.message()); break;
      case Wire::kExclusionsFieldNumber: patient.read_exclusion(in.message()); break;
      case Wire::kLastContactFieldNumber:
        state.last_contact = read_last_contact(in.message());
        break;
      case Wire::kContactSourcesFieldNumber:
        for (WireReader packed = in.message(); !packed.at_end();)
          sources.push_back(packed.take_fixed());
        break;
      case Wire::kRegistrationFieldNumber: state.registration = read_identity(in.message()); break;
      case Wire::kCommandsFieldNumber: commands.push_back(read_command(in.message())); break;
      default: break;
    }
  }
  state.contact_sources = decltype(state.contact_sources){std::move(sources)};
  state.commands = decltype(state.commands){std::move(commands)};
  finish_standing(standing, patient, state, verdict);
  const std::int64_t without_contacts = state.sequence_without_contacts.get();
  verdict.demand(without_contacts >= 0 && without_contacts <= state.sequence.get(),
                 "the state's sequences contradict each other");
}

}  // namespace infra::codec
