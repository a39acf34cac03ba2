#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace patient {

// The 36 keys of a patient in wire order. The numbers are on disk (proto/events.proto): never
// renumber, only add.
enum class Key : std::uint8_t {
  id = 1,
  anrede,
  geschlecht,
  vorname,
  nachname,
  strasse,
  plz,
  ort,
  email,
  telefon,
  hausarzt,
  krankenkasse,
  krankenversicherungsnummer,
  geburtsdatum,
  symptome,
  erfahrung_mit_psychotherapie,
  letzte_sitzung_vorherige_psychotherapie,
  vertraege_unterschrieben,
  startdatum,
  erster_therapieplatz_am,
  funktionierender_therapieplatz_am,
  status,
  empfehler_der_unterstuetzung,
  zahlungsreferenz,
  zahlung_eingegangen,
  zeitliche_verfuegbarkeit,
  raeumliche_verfuegbarkeit,
  verkehrsmittel,
  offen_fuer_gruppentherapie,
  offen_fuer_diga,
  letzter_kontakt,
  ausgeschlossene_therapeuten,
  bevorzugtes_therapeutengeschlecht,
  bevorzugtes_therapieverfahren,
  created_at,
  updated_at,
};
inline constexpr std::size_t kKeyCount = 36;

// What a key's value looks like.
enum class Kind : std::uint8_t {
  identity,      // the patient id
  text,          // up to `limit` characters (0: no limit of its own)
  choice,        // one of `choices`
  flag,          // true or false
  date,          // a day
  symptoms,      // 1 to 6 different ones of `choices`
  availability,  // weekday → slots
  radius,        // {"max_km": 0 … 1000}
  status,        // one of the six
  therapists,    // therapist ids
};

// Who may say it.
enum class Access : std::uint8_t {
  required,   // a client must give it at creation, and may change it but never to null
  optional,   // a client may give it, null clears it
  defaulted,  // a client may give it, it is never null
  derived,    // the service's own: ignored when a client sends it
};

struct KeyInfo {
  Key key;
  std::string_view name;
  Kind kind;
  Access access;
  std::size_t limit = 0;  // in characters
  std::span<const std::string_view> choices = {};
};

// Every key, in wire order; `kKeys[i].key` is i + 1. Source: the patient of the original service.
[[nodiscard]] const std::array<KeyInfo, kKeyCount>& all_keys();
[[nodiscard]] const KeyInfo& info(Key key);
[[nodiscard]] std::optional<Key> find_key(std::string_view name);
[[nodiscard]] inline std::string_view name(Key key) { return info(key).name; }

}  // namespace patient
