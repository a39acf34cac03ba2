#include "infra/codec/value_coding.h"

#include <algorithm>
#include <stdexcept>

#include "domain/core/match.h"

namespace infra::codec {
namespace {

using patient::Value;

constexpr std::uint32_t kMinutesOfADay = 24 * 60;
constexpr core::Date kFirstDay{std::chrono::year{1} / 1 / 1};
constexpr core::Date kLastDay{std::chrono::year{9999} / 12 / 31};

// The wire's enumerators are ours plus one, because 0 there means "not said". The static_asserts
// below hold the ends of each list together.
template <class Ours>
int shifted(Ours ours) {
  return static_cast<int>(ours) + 1;
}
template <class Ours>
Ours unshifted(int wire, Ours last, std::string_view why, Verdict& verdict) {
  if (!verdict.demand(wire >= 1 && wire <= static_cast<int>(last) + 1, why)) return Ours{};
  return static_cast<Ours>(wire - 1);
}

template <auto Wire, auto Ours>
constexpr bool kPaired = static_cast<int>(Wire) == static_cast<int>(Ours) + 1;

static_assert(kPaired<wire::CHANNEL_EMAIL, patient::Channel::email>);
static_assert(kPaired<wire::CHANNEL_PHONE, patient::Channel::phone>);
static_assert(kPaired<wire::CHANNEL_OTHER, patient::Channel::other>);
static_assert(kPaired<wire::DIRECTION_UNKNOWN, patient::Direction::unknown>);
static_assert(kPaired<wire::DIRECTION_OUTGOING, patient::Direction::outgoing>);
static_assert(kPaired<wire::DIRECTION_INCOMING, patient::Direction::incoming>);
static_assert(kPaired<wire::EVENT_TYPE_CREATED, patient::EventType::created>);
static_assert(kPaired<wire::EVENT_TYPE_UPDATED, patient::EventType::updated>);
static_assert(kPaired<wire::EVENT_TYPE_STATUS_CHANGED, patient::EventType::status_changed>);
static_assert(kPaired<wire::EVENT_TYPE_THERAPIST_EXCLUDED, patient::EventType::therapist_excluded>);
static_assert(kPaired<wire::EVENT_TYPE_THERAPIST_EXCLUSION_REVOKED,
                      patient::EventType::therapist_exclusion_revoked>);
static_assert(kPaired<wire::EVENT_TYPE_CONTACT_RECORDED, patient::EventType::contact_recorded>);
static_assert(kPaired<wire::EVENT_TYPE_DELETED, patient::EventType::deleted>);
static_assert(kPaired<wire::EVENT_TYPE_ERASED, patient::EventType::erased>);
static_assert(kPaired<wire::EVENT_TYPE_RESTATED, patient::EventType::restated>);
static_assert(wire::EventType_MAX == static_cast<int>(patient::kEventTypeCount));

void write_availability(const patient::Availability& availability, WireWriter& out) {
  for (std::size_t weekday = 0; weekday < availability.days.size(); ++weekday) {
    if (!availability.days[weekday]) continue;
    const auto& slots = *availability.days[weekday];
    out.message(wire::Availability::kDaysFieldNumber, [&] {
      out.number(wire::Day::kWeekdayFieldNumber, static_cast<std::int64_t>(weekday));
      if (slots.empty()) return;
      out.message(wire::Day::kSlotsFieldNumber, [&] {
        for (const patient::Slot& slot : slots) {
          out.append_varint(static_cast<std::uint64_t>(slot.from));
          out.append_varint(static_cast<std::uint64_t>(slot.to));
        }
      });
    });
  }
}

void read_slots(WireReader packed, std::vector<patient::Slot>& slots) {
  Verdict& verdict = packed.verdict();
  while (!packed.at_end()) {
    const std::uint64_t from = packed.take_varint();
    if (!verdict.demand(!packed.at_end(), "an availability has a malformed day")) return;
    const std::uint64_t to = packed.take_varint();
    if (!verdict.demand(from < to && to <= kMinutesOfADay, "a slot has malformed times")) return;
    slots.push_back({static_cast<std::int16_t>(from), static_cast<std::int16_t>(to)});
  }
}

patient::Availability read_availability(WireReader in) {
  patient::Availability availability;
  while (in.next()) {
    if (in.field() != wire::Availability::kDaysFieldNumber) continue;
    std::uint64_t weekday = 0;
    std::vector<patient::Slot> slots;
    WireReader day = in.message();
    while (day.next()) {
      if (day.field() == wire::Day::kWeekdayFieldNumber) weekday = day.unsigned_number();
      if (day.field() == wire::Day::kSlotsFieldNumber) read_slots(day.message(), slots);
    }
    const bool sound = weekday < availability.days.size() && !availability.days[weekday];
    if (!in.verdict().demand(sound, "an availability has a malformed day")) return {};
    availability.days[weekday] = std::move(slots);
  }
  return availability;
}

patient::Symptoms read_symptoms(WireReader in) {
  patient::Symptoms symptoms;
  while (in.next()) {
    if (in.field() == wire::Symptoms::kNamesFieldNumber) symptoms.push_back(in.text());
  }
  return symptoms;
}

patient::TherapistIds read_therapists(WireReader in) {
  Verdict& verdict = in.verdict();
  patient::TherapistIds therapists;
  while (in.next()) {
    if (in.field() != wire::Therapists::kIdsFieldNumber) continue;
    WireReader packed = in.message();
    while (!packed.at_end()) {
      const auto number = static_cast<std::int64_t>(packed.take_varint());
      therapists.push_back(read_therapist(number, verdict));
    }
  }
  const bool ascending =
      std::adjacent_find(therapists.begin(), therapists.end(), std::greater_equal<>{}) ==
      therapists.end();
  verdict.demand(ascending, "a list of therapists is not ascending");
  return therapists;
}

patient::Status read_status(std::string_view word, Verdict& verdict) {
  const auto status = patient::parse_status(word);
  verdict.demand(status.has_value(), "a status is unknown");
  return status.value_or(patient::Status::offen);
}

patient::Radius read_radius(std::uint64_t kilometres, Verdict& verdict) {
  const bool sound = kilometres <= INT32_MAX;
  verdict.demand(sound, "a radius is out of range");
  return {sound ? static_cast<std::int32_t>(kilometres) : 0};
}

}  // namespace

core::Uuid read_uuid(std::string_view bytes, Verdict& verdict) {
  core::Uuid uuid;
  if (verdict.demand(bytes.size() == uuid.bytes.size(), "an id does not have 16 bytes"))
    std::copy(bytes.begin(), bytes.end(), uuid.bytes.begin());
  return uuid;
}

core::Timestamp read_time(std::int64_t micros, Verdict& verdict) {
  const core::Timestamp at{std::chrono::microseconds{micros}};
  const bool sound = at >= kFirstDay && at < kLastDay + std::chrono::days{1};
  verdict.demand(sound, "a time is outside of the years 1 to 9999");
  return sound ? at : core::Timestamp{};
}

core::Date read_date(std::int32_t days, Verdict& verdict) {
  const core::Date date{std::chrono::days{days}};
  const bool sound = date >= kFirstDay && date <= kLastDay;
  verdict.demand(sound, "a day is outside of the years 1 to 9999");
  return sound ? date : core::Date{};
}

patient::TherapistId read_therapist(std::int64_t number, Verdict& verdict) {
  verdict.demand(number >= 1 && number <= patient::kNumberMax, "a therapist's number is no number");
  return patient::TherapistId{number};
}

const std::string& utf8(const std::string& text) {
  if (!is_utf8(text)) throw std::invalid_argument("a text for the log is not UTF-8");
  return text;
}

int to_wire(patient::Channel channel) { return shifted(channel); }
int to_wire(patient::Direction direction) { return shifted(direction); }
int to_wire(patient::EventType type) { return shifted(type); }

patient::Channel read_channel(int channel, Verdict& verdict) {
  return unshifted(channel, patient::Channel::other, "a channel is unknown", verdict);
}
patient::Direction read_direction(int direction, Verdict& verdict) {
  return unshifted(direction, patient::Direction::incoming, "a direction is unknown", verdict);
}
patient::EventType read_event_type(int type, Verdict& verdict) {
  return unshifted(type, patient::EventType::restated, "the event type is unknown", verdict);
}

void write(const patient::RegistrationIdentity& identity, WireWriter& out) {
  if (identity.token)
    out.set_bytes(wire::RegistrationIdentity::kTokenFieldNumber, utf8(*identity.token));
  out.bytes(wire::RegistrationIdentity::kDigestFieldNumber, utf8(identity.digest));
}

patient::RegistrationIdentity read_identity(WireReader in) {
  patient::RegistrationIdentity identity;
  while (in.next()) {
    if (in.field() == wire::RegistrationIdentity::kTokenFieldNumber) identity.token = in.text();
    if (in.field() == wire::RegistrationIdentity::kDigestFieldNumber) identity.digest = in.text();
  }
  in.verdict().demand(!identity.key().empty(), "a registration has no identity");
  return identity;
}

void write(const Value& value, WireWriter& out) {
  core::match(
      value,
      [](patient::None) {},
      [&](bool flag) { out.set_number(wire::Value::kFlagFieldNumber, flag ? 1 : 0); },
      [&](const std::string& text) { out.set_bytes(wire::Value::kTextFieldNumber, utf8(text)); },
      [&](core::Date date) { out.set_day(wire::Value::kDayFieldNumber, days_of(date)); },
      [&](patient::Status status) { out.set_bytes(wire::Value::kStatusFieldNumber, name(status)); },
      [&](const patient::Symptoms& symptoms) {
        out.message(wire::Value::kSymptomsFieldNumber, [&] {
          for (const std::string& symptom : symptoms)
            out.set_bytes(wire::Symptoms::kNamesFieldNumber, utf8(symptom));
        });
      },
      [&](const patient::Availability& availability) {
        out.message(wire::Value::kAvailabilityFieldNumber,
                    [&] { write_availability(availability, out); });
      },
      [&](patient::Radius radius) {
        out.set_number(wire::Value::kRadiusKmFieldNumber, radius.max_km);
      },
      [&](const patient::TherapistIds& therapists) {
        out.message(wire::Value::kTherapistsFieldNumber, [&] {
          if (therapists.empty()) return;
          out.message(wire::Therapists::kIdsFieldNumber, [&] {
            for (const patient::TherapistId therapist : therapists)
              out.append_varint(static_cast<std::uint64_t>(therapist.get()));
          });
        });
      });
}

KeyedValue read_value(WireReader in) {
  KeyedValue read;
  Verdict& verdict = in.verdict();
  while (in.next()) {
    switch (in.field()) {
      case wire::Value::kFlagFieldNumber: read.value = in.flag(); break;
      case wire::Value::kTextFieldNumber: read.value = in.text(); break;
      case wire::Value::kDayFieldNumber: read.value = read_date(in.day(), verdict); break;
      case wire::Value::kStatusFieldNumber: read.value = read_status(in.bytes(), verdict); break;
      case wire::Value::kSymptomsFieldNumber: read.value = read_symptoms(in.message()); break;
      case wire::Value::kAvailabilityFieldNumber:
        read.value = read_availability(in.message());
        break;
      case wire::Value::kRadiusKmFieldNumber:
        read.value = read_radius(in.unsigned_number(), verdict);
        break;
      case wire::Value::kTherapistsFieldNumber: read.value = read_therapists(in.message()); break;
      case wire::Value::kKeyFieldNumber: read.key = in.unsigned_number(); break;
      default: break;
    }
  }
  return read;
}

patient::Key read_key(std::uint64_t number, Verdict& verdict) {
  if (!verdict.demand(number >= 1 && number <= patient::kKeyCount, "a key is unknown"))
    return patient::Key::vorname;
  return static_cast<patient::Key>(number);
}

}  // namespace infra::codec
