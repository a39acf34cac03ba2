#include "tests/domain/random_commands.h"

#include "domain/core/expects.h"
#include "tests/domain/given.h"

namespace tests {

using patient::Key;
using patient::Kind;
using patient::Value;

Value RandomCommands::value(Key key) {
  const patient::KeyInfo& known = info(key);
  const bool nullable = known.access == patient::Access::optional;
  if (nullable && one_in(3)) return patient::None{};
  switch (known.kind) {
    case Kind::text: return std::string{one_in(2) ? "Äpfel" : "Birnen"};
    case Kind::choice: return std::string{known.choices[number(known.choices.size())]};
    case Kind::flag: return one_in(2);
    case Kind::date: return kToday - std::chrono::days{number(3)};
    case Kind::symptoms:
      return patient::Symptoms{std::string{known.choices[number(known.choices.size())]}};
    case Kind::availability: {
      patient::Availability availability;
      availability.days[number(7)] = {{540, 600}};
      return availability;
    }
    case Kind::radius: return patient::Radius{static_cast<std::int32_t>(number(3))};
    case Kind::identity:
    case Kind::status:
    case Kind::therapists: break;
  }
  core::expects(false, "a patch holds no such key");
  return patient::None{};
}

patient::Patch RandomCommands::patch() {
  patient::Patch patch;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    const bool settable = key.access != patient::Access::derived && key.kind != Kind::status &&
                          key.kind != Kind::therapists;
    const bool pays =
        key.key == Key::vertraege_unterschrieben || key.key == Key::zahlung_eingegangen;
    if (settable && one_in(pays ? 2 : 8)) patch.emplace_back(key.key, value(key.key));
  }
  return patch;
}

patient::TherapistIds RandomCommands::therapists() {
  patient::TherapistIds ids;
  for (std::int64_t id = 1; id <= 4; ++id) {
    if (!one_in(4)) ids.emplace_back(id);
  }
  return ids;
}

std::optional<std::string> RandomCommands::reason() {
  if (one_in(2)) return std::nullopt;
  return one_in(2) ? "Streit" : "Umzug";
}

patient::Command RandomCommands::create() {
  patient::Create create{ada(patch()), {}, {}, {}};
  if (one_in(3)) create.status = status();
  if (one_in(2)) create.excluded = therapists();
  return create;
}

patient::Command RandomCommands::update() {
  patient::Update update;
  if (!one_in(4)) update.fields = patch();
  if (one_in(4)) update.status = status();
  if (one_in(4)) update.excluded = therapists();
  return update;
}

patient::Command RandomCommands::contact(core::Timestamp now) {
  const auto at = now + std::chrono::hours{36} - std::chrono::hours{number(24 * 6)};
  return patient::RecordContact{tests::contact(at, "mail-" + std::to_string(number(12))),
                                one_in(2) ? patient::Reporter::clerk : patient::Reporter::ingest};
}

patient::Command RandomCommands::next(core::Timestamp now) {
  switch (number(20)) {
    case 0:
    case 1: return create();
    case 2:
    case 3: return patient::ChangeStatus{status()};
    case 4:
    case 5:
    case 6: return patient::ExcludeTherapist{therapist(), reason()};
    case 7:
    case 8: return patient::IncludeTherapist{therapist()};
    case 9:
    case 10:
    case 11:
    case 12: return contact(now);
    case 13: return patient::Restate{};
    case 14:
      if (one_in(6)) return patient::Delete{};
      return update();
    default: return update();
  }
}

}  // namespace tests
