#include "domain/core/expects.h"
#include "domain/patient/keys.h"

namespace patient {
namespace {

using std::string_view;

constexpr std::array<string_view, 2> kAnreden{"Herr", "Frau"};
constexpr std::array<string_view, 4> kGeschlechter{
    "männlich", "weiblich", "divers", "keine_Angabe"};
constexpr std::array<string_view, 3> kTherapeutengeschlechter{"Männlich", "Weiblich", "Egal"};
constexpr std::array<string_view, 3> kVerfahren{
    "egal", "Verhaltenstherapie", "tiefenpsychologisch_fundierte_Psychotherapie"};

// The thirty symptoms, in the six groups of the original's form.
constexpr std::array<string_view, 30> kSymptome{"Depression / Niedergeschlagenheit",
                                                "Ängste / Panikattacken",
                                                "Burnout / Erschöpfung",
                                                "Schlafstörungen",
                                                "Stress / Überforderung",
                                                "Trauer / Verlust",
                                                "Reizbarkeit / Wutausbrüche",
                                                "Stimmungsschwankungen",
                                                "Innere Leere",
                                                "Einsamkeit",
                                                "Sorgen / Grübeln",
                                                "Selbstzweifel",
                                                "Konzentrationsprobleme",
                                                "Negative Gedanken",
                                                "Entscheidungsschwierigkeiten",
                                                "Psychosomatische Beschwerden",
                                                "Chronische Schmerzen",
                                                "Essstörungen",
                                                "Suchtprobleme (Alkohol/Drogen)",
                                                "Sexuelle Probleme",
                                                "Beziehungsprobleme",
                                                "Familienkonflikte",
                                                "Sozialer Rückzug",
                                                "Mobbing",
                                                "Trennungsschmerz",
                                                "Traumatische Erlebnisse",
                                                "Zwänge",
                                                "Selbstverletzung",
                                                "Suizidgedanken",
                                                "Identitätskrise"};

constexpr KeyInfo text(Key key,
                       string_view name,
                       std::size_t limit,
                       Access access = Access::optional) {
  return {key, name, Kind::text, access, limit, {}};
}
constexpr KeyInfo of(Key key, string_view name, Kind kind, Access access) {
  return {key, name, kind, access, 0, {}};
}
constexpr KeyInfo choice(Key key,
                         string_view name,
                         Access access,
                         std::span<const string_view> choices) {
  return {key, name, Kind::choice, access, 0, choices};
}
constexpr KeyInfo flag(Key key, string_view name) {
  return of(key, name, Kind::flag, Access::defaulted);
}
constexpr KeyInfo date(Key key, string_view name, Access access = Access::optional) {
  return of(key, name, Kind::date, access);
}

constexpr std::array<KeyInfo, kKeyCount> kKeys{
    of(Key::id, "id", Kind::identity, Access::derived),
    choice(Key::anrede, "anrede", Access::required, kAnreden),
    choice(Key::geschlecht, "geschlecht", Access::required, kGeschlechter),
    text(Key::vorname, "vorname", 100, Access::required),
    text(Key::nachname, "nachname", 100, Access::required),
    text(Key::strasse, "strasse", 255),
    text(Key::plz, "plz", 10),
    text(Key::ort, "ort", 100),
    text(Key::email, "email", 255),
    text(Key::telefon, "telefon", 50),
    text(Key::hausarzt, "hausarzt", 255),
    text(Key::krankenkasse, "krankenkasse", 100),
    text(Key::krankenversicherungsnummer, "krankenversicherungsnummer", 50),
    date(Key::geburtsdatum, "geburtsdatum"),
    {Key::symptome, "symptome", Kind::symptoms, Access::optional, 6, kSymptome},
    of(Key::erfahrung_mit_psychotherapie,
       "erfahrung_mit_psychotherapie",
       Kind::flag,
       Access::optional),
    date(Key::letzte_sitzung_vorherige_psychotherapie, "letzte_sitzung_vorherige_psychotherapie"),
    flag(Key::vertraege_unterschrieben, "vertraege_unterschrieben"),
    date(Key::startdatum, "startdatum", Access::derived),
    date(Key::erster_therapieplatz_am, "erster_therapieplatz_am"),
    date(Key::funktionierender_therapieplatz_am, "funktionierender_therapieplatz_am"),
    of(Key::status, "status", Kind::status, Access::defaulted),
    text(Key::empfehler_der_unterstuetzung, "empfehler_der_unterstuetzung", 0),
    text(Key::zahlungsreferenz, "zahlungsreferenz", 8),
    flag(Key::zahlung_eingegangen, "zahlung_eingegangen"),
    of(Key::zeitliche_verfuegbarkeit,
       "zeitliche_verfuegbarkeit",
       Kind::availability,
       Access::optional),
    of(Key::raeumliche_verfuegbarkeit, "raeumliche_verfuegbarkeit", Kind::radius, Access::optional),
    text(Key::verkehrsmittel, "verkehrsmittel", 50),
    flag(Key::offen_fuer_gruppentherapie, "offen_fuer_gruppentherapie"),
    flag(Key::offen_fuer_diga, "offen_fuer_diga"),
    date(Key::letzter_kontakt, "letzter_kontakt", Access::derived),
    of(Key::ausgeschlossene_therapeuten,
       "ausgeschlossene_therapeuten",
       Kind::therapists,
       Access::defaulted),
    choice(Key::bevorzugtes_therapeutengeschlecht,
           "bevorzugtes_therapeutengeschlecht",
           Access::defaulted,
           kTherapeutengeschlechter),
    choice(Key::bevorzugtes_therapieverfahren,
           "bevorzugtes_therapieverfahren",
           Access::defaulted,
           kVerfahren),
    date(Key::created_at, "created_at", Access::derived),
    date(Key::updated_at, "updated_at", Access::derived),
};

constexpr bool in_wire_order() {
  for (std::size_t at = 0; at < kKeyCount; ++at) {
    if (static_cast<std::size_t>(kKeys[at].key) != at + 1) return false;
  }
  return true;
}
static_assert(in_wire_order());

}  // namespace

const std::array<KeyInfo, kKeyCount>& all_keys() { return kKeys; }

const KeyInfo& info(Key key) {
  const auto at = static_cast<std::size_t>(key) - 1;
  core::expects(at < kKeyCount, "a key is one of the 36");
  return kKeys[at];
}

std::optional<Key> find_key(std::string_view name) {
  for (const KeyInfo& key : kKeys) {
    if (key.name == name) return key.key;
  }
  return std::nullopt;
}

}  // namespace patient
