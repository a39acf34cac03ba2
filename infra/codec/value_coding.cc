#include "infra/codec/value_coding.h"

#include <algorithm>
#include <stdexcept>

#include "domain/core/match.h"
#include "domain/core/text.h"

namespace infra::codec {
namespace {

using patient::Value;

constexpr std::uint32_t kMinutesOfADay = 24 * 60;
constexpr core::Date kFirstDay{std::chrono::year{1} / 1 / 1};
constexpr core::Date kLastDay{std::chrono::year{9999} / 12 / 31};

// The wire's enumerators are ours plus one, because 0 there means "not said". The static_asserts
// below hold the ends of each list together.
template <class Wire, class Ours>
Wire shifted(Ours ours) {
  return static_cast<Wire>(static_cast<int>(ours) + 1);
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

// Protobuf has nothing against NUL.
bool is_utf8(std::string_view text) {
  while (true) {
    const std::size_t nul = text.find('\0');
    if (!core::count_characters(text.substr(0, nul))) return false;
    if (nul == std::string_view::npos) return true;
    text.remove_prefix(nul + 1);
  }
}

void write_availability(const patient::Availability& availability, wire::Availability& out) {
  for (std::size_t weekday = 0; weekday < availability.days.size(); ++weekday) {
    if (!availability.days[weekday]) continue;
    wire::Day& day = *out.add_days();
    day.set_weekday(static_cast<std::uint32_t>(weekday));
    for (const patient::Slot& slot : *availability.days[weekday]) {
      day.add_slots(static_cast<std::uint32_t>(slot.from));
      day.add_slots(static_cast<std::uint32_t>(slot.to));
    }
  }
}

patient::Availability read_availability(const wire::Availability& in, Verdict& verdict) {
  patient::Availability availability;
  for (const wire::Day& day : in.days()) {
    const bool sound = day.weekday() < availability.days.size() &&
                       !availability.days[day.weekday()] && day.slots_size() % 2 == 0;
    if (!verdict.demand(sound, "an availability has a malformed day")) return {};
    auto& slots = availability.days[day.weekday()].emplace();
    for (int at = 0; at < day.slots_size(); at += 2) {
      const std::uint32_t from = day.slots(at);
      const std::uint32_t to = day.slots(at + 1);
      if (!verdict.demand(from < to && to <= kMinutesOfADay, "a slot has malformed times"))
        return {};
      slots.push_back({static_cast<std::int16_t>(from), static_cast<std::int16_t>(to)});
    }
  }
  return availability;
}

patient::TherapistIds read_therapists(const wire::Therapists& in, Verdict& verdict) {
  patient::TherapistIds therapists;
  therapists.reserve(static_cast<std::size_t>(in.ids_size()));
  for (const std::int64_t number : in.ids()) therapists.push_back(read_therapist(number, verdict));
  const bool ascending =
      std::adjacent_find(therapists.begin(), therapists.end(), std::greater_equal<>{}) ==
      therapists.end();
  verdict.demand(ascending, "a list of therapists is not ascending");
  return therapists;
}

Value read_kind(const wire::Value& in, Verdict& verdict) {
  switch (in.kind_case()) {
    case wire::Value::KIND_NOT_SET: return patient::None{};
    case wire::Value::kFlag: return in.flag();
    case wire::Value::kText: return in.text();
    case wire::Value::kDay: return read_date(in.day(), verdict);
    case wire::Value::kStatus: {
      const auto status = patient::parse_status(in.status());
      verdict.demand(status.has_value(), "a status is unknown");
      return status.value_or(patient::Status::offen);
    }
    case wire::Value::kSymptoms:
      return patient::Symptoms{in.symptoms().names().begin(), in.symptoms().names().end()};
    case wire::Value::kAvailability: return read_availability(in.availability(), verdict);
    case wire::Value::kRadiusKm:
      verdict.demand(in.radius_km() <= INT32_MAX, "a radius is out of range");
      return patient::Radius{static_cast<std::int32_t>(in.radius_km())};
    case wire::Value::kTherapists: return read_therapists(in.therapists(), verdict);
  }
  return patient::None{};
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

wire::Channel to_wire(patient::Channel channel) { return shifted<wire::Channel>(channel); }
wire::Direction to_wire(patient::Direction direction) {
  return shifted<wire::Direction>(direction);
}
wire::EventType to_wire(patient::EventType type) { return shifted<wire::EventType>(type); }

patient::Channel read_channel(wire::Channel channel, Verdict& verdict) {
  return unshifted(channel, patient::Channel::other, "a channel is unknown", verdict);
}
patient::Direction read_direction(wire::Direction direction, Verdict& verdict) {
  return unshifted(direction, patient::Direction::incoming, "a direction is unknown", verdict);
}
patient::EventType read_event_type(int type, Verdict& verdict) {
  return unshifted(type, patient::EventType::restated, "the event type is unknown", verdict);
}

void write(const patient::RegistrationIdentity& identity, wire::RegistrationIdentity& out) {
  if (identity.token) out.set_token(utf8(*identity.token));
  out.set_digest(utf8(identity.digest));
}

patient::RegistrationIdentity read_identity(const wire::RegistrationIdentity& in,
                                            Verdict& verdict) {
  patient::RegistrationIdentity identity;
  if (in.has_token()) identity.token = in.token();
  identity.digest = in.digest();
  verdict.demand(!identity.key().empty(), "a registration has no identity");
  return identity;
}

void write(const Value& value, wire::Value& out) {
  core::match(
      value,
      [](patient::None) {},
      [&](bool flag) { out.set_flag(flag); },
      [&](const std::string& text) { out.set_text(text); },
      [&](core::Date date) { out.set_day(days_of(date)); },
      [&](patient::Status status) {
        const std::string_view word = name(status);
        out.set_status(word.data(), word.size());
      },
      [&](const patient::Symptoms& symptoms) {
        wire::Symptoms& list = *out.mutable_symptoms();
        for (const std::string& symptom : symptoms) list.add_names(symptom);
      },
      [&](const patient::Availability& availability) {
        write_availability(availability, *out.mutable_availability());
      },
      [&](patient::Radius radius) { out.set_radius_km(static_cast<std::uint32_t>(radius.max_km)); },
      [&](const patient::TherapistIds& therapists) {
        wire::Therapists& list = *out.mutable_therapists();
        for (const patient::TherapistId therapist : therapists) list.add_ids(therapist.get());
      });
}

patient::Key read_key(std::uint32_t number, Verdict& verdict) {
  if (!verdict.demand(number >= 1 && number <= patient::kKeyCount, "a key is unknown"))
    return patient::Key::vorname;
  return static_cast<patient::Key>(number);
}

Value read_value(patient::Key key, const wire::Value& in, Verdict& verdict) {
  Value value = read_kind(in, verdict);
  verdict.demand(is_null(value) || fits(key, value), "a value does not fit its key");
  return value;
}

}  // namespace infra::codec
