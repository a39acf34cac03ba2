#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>
#include <thread>

#include "tests/whole/process.h"

// Every verb once, in an order that makes sense, with the shape of what it answers.
namespace {

using whole::Place;
using whole::Ran;
using whole::sample;
using whole::with;
using whole::Words;

constexpr const char* kChanged = "patient sequence events deduplicated";
constexpr const char* kThe36Keys =
    "id anrede geschlecht vorname nachname strasse plz ort email telefon hausarzt krankenkasse "
    "krankenversicherungsnummer geburtsdatum symptome erfahrung_mit_psychotherapie "
    "letzte_sitzung_vorherige_psychotherapie vertraege_unterschrieben startdatum "
    "erster_therapieplatz_am funktionierender_therapieplatz_am status empfehler_der_unterstuetzung "
    "zahlungsreferenz zahlung_eingegangen zeitliche_verfuegbarkeit raeumliche_verfuegbarkeit "
    "verkehrsmittel offen_fuer_gruppentherapie offen_fuer_diga letzter_kontakt "
    "ausgeschlossene_therapeuten bevorzugtes_therapeutengeschlecht bevorzugtes_therapieverfahren "
    "created_at updated_at";

// All that `serve` says: it does so before its end, so that whoever started it can go on.
constexpr const char* kListening = "listening";

struct Verb {
  Words words;
  const char* path;  // where `keys` stand in the document
  const char* keys;
  int status = 0;
  const char* runs_until_told = nullptr;  // to stop, when it has said this
};

Ran run_to_its_end(Place& place, const Verb& verb, pid_t pid) {
  if (verb.runs_until_told == nullptr) return place.end(pid);
  const auto err = place.folder() / ("err" + std::to_string(pid));
  while (whole::bytes_of(err).find(verb.runs_until_told) == std::string::npos) {
    std::this_thread::yield();
  }
  ::kill(pid, SIGTERM);
  return place.end(pid);
}

std::vector<Verb> changing_verbs() {
  return {
      {whole::new_patient("7"), "data", kChanged},
      {{"patient", "update", "7", "--set", "ort=Ulm"}, "data.patient", kThe36Keys},
      {{"patient", "status", "7", "in_Therapie"}, "data", kChanged},
      {{"patient", "exclude", "7", "301", "--reason", "Kälte"}, "data", kChanged},
      {{"patient", "exclude", "7", "302"}, "data", kChanged},
      {{"patient", "include", "7", "302"}, "", "ok data position"},
      {{"patient", "contact", "7", "--at", "2026-01-31T09:30:00Z"}, "data", kChanged},
      {{"import", "registrations", sample("registrations")},
       "data",
       "imported duplicates ignored refused"},
      {{"import", "communications", sample("communication-events.jsonl")},
       "data",
       "imported duplicates ignored refused"},
      {whole::new_patient("elsewhere.1"), "data.patient", kThe36Keys},
      {{"patient", "delete", "elsewhere.1"}, "data", kChanged},
  };
}

std::vector<Verb> asking_verbs() {
  return {
      {{"patient", "show", "7"}, "", "ok data position lag_events"},
      {{"patient", "show", "7"}, "data.patient", kThe36Keys},
      {{"patient", "show", "7"}, "data", "patient sequence"},
      {{"patient", "show", "7", "--as-of", "2026-02-01T09:00:00Z"}, "data", "patient sequence"},
      {{"patient", "list"}, "data", "data page limit total"},
      {{"patient", "list"}, "data.data.0", kThe36Keys},
      {{"patient", "history", "7"},
       "data.0",
       "sequence type occurred_at recorded_at actor changes"},
      {{"query", "letzter-kontakt"},
       "data.0",
       "patient_id vorname nachname letzter_kontakt channel source"},
      {{"query", "exclusions"}, "data.0", "patient_id therapist_id reason since"},
      {{"query", "status-summary"},
       "data",
       "offen auf_der_Suche in_Therapie Therapie_abgeschlossen Suche_abgebrochen "
       "Therapie_abgebrochen"},
      {{"query", "status-durations"}, "data.0", "status patients days_median days_max"},
      {{"query", "contacts", "7"}, "data.0", "source at channel direction therapist_id"},
      {{"query", "sql", "directory", "SELECT 1"}, "data", "columns rows"},
  };
}

std::vector<Verb> operating_verbs() {
  return {
      {{"projection", "list"},
       "data.0",
       "name kind version generation state rows lag_events lag_seconds quarantined"},
      {{"projection", "status"},
       "data.0",
       "name kind version generation state rows lag_events lag_seconds quarantined"},
      {{"projection", "rebuild", "directory", "--no-cutover"},
       "data.0",
       "name generation events rows seconds events_per_second cutover"},
      {{"projection", "preview", "directory"}, "data", "name rows drift"},
      {{"projection", "cutover", "directory"}, "data", "name generation"},
      {{"projection", "rollback", "directory"}, "data", "name generation"},
      {{"projection", "discard", "directory"}, "data", "name discarded"},
      {{"projection", "verify", "--all"}, "data.0", "name rows drift"},
      {{"events", "read", "--topic", "patient-events"},
       "data.0",
       "topic partition offset appended_at key bytes"},
      {{"events", "stats"}, "data.1", "topic records bytes by_partition by_type"},
      {{"events", "verify"}, "data", "patients events problems"},
      {{"events", "repair", "7"}, "data", "patient_id sequence events"},
      {{"events", "restate"}, "data", "restated left_out"},
      {{"topics", "create"}, "data", "incarnation partitions"},
      {{"topics", "describe"}, "data", "incarnation partitions bytes_on_disk topics"},
      {{"topics", "import", "--from", "nowhere"}, "error", "code message details", 2},
      {{"topics", "compact"}, "data.0", "topic kept removed"},
      {{"quarantine", "list"}, "", "ok data lag_events"},
      {{"quarantine", "show", "7"}, "error", "code message details", 3},
      {{"dead-letters", "list"}, "", "ok data"},
      {{"dead-letters", "show", "1"}, "error", "code message details", 3},
      {{"dead-letters", "release", "1"}, "error", "code message details", 3},
      {{"dead-letters", "evict", "1"}, "error", "code message details", 3},
      {{"follow"}, "data", "role turns recorded dead", 0, "has its turn to write"},
      {{"serve", "--listen", "127.0.0.1:0"}, "", kListening, 0, "has its turn to write"},
      {{"doctor"}, "data.0", "check ok message"},
      {{"token", "Empfang", "clerk", "--expires", "2027-01-31"}, "data", "token line"},
      {{"version"}, "data", "version"},
      {{"completion", "bash"}, "data", "script"},
  };
}

std::vector<Verb> every_verb() {
  std::vector<Verb> all;
  for (const auto& some : {changing_verbs(), asking_verbs(), operating_verbs()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// The commands that have no command below them, as the completion script knows them.
std::set<std::string> known_verbs(Place& place) {
  const std::string script = place.run({"completion", "bash"}).out;
  const std::size_t begin = script.find("\" patient\"|");
  const std::string list = script.substr(begin, script.find(")\n", begin) - begin);
  std::set<std::string> paths;
  for (std::size_t at = 0; (at = list.find("\" ", at)) != std::string::npos;) {
    const std::size_t end = list.find('"', at + 2);
    paths.insert(list.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  std::set<std::string> leaves;
  for (const std::string& path : paths) {
    const auto below = paths.lower_bound(path + ' ');
    if (below == paths.end() || !below->starts_with(path + ' ')) leaves.insert(path);
  }
  return leaves;
}

std::string name_of(const Verb& verb, const std::set<std::string>& known) {
  const std::string two = verb.words.size() > 1 ? verb.words[0] + ' ' + verb.words[1] : "";
  return known.contains(two) ? two : verb.words[0];
}

TEST(EveryVerb, IsInTheTableOfThisTest) {
  Place place;
  const std::set<std::string> known = known_verbs(place);
  std::set<std::string> tested;
  for (const Verb& verb : every_verb()) tested.insert(name_of(verb, known));
  EXPECT_EQ(tested, known);
  EXPECT_EQ(known.size(), 47U);
}

TEST(EveryVerb, AnswersOneDocumentOfItsShape) {
  Place place;
  for (const Verb& verb : every_verb()) {
    SCOPED_TRACE(::testing::PrintToString(verb.words));
    const Ran ran = run_to_its_end(place, verb, place.start_json(verb.words));
    EXPECT_EQ(ran.status, verb.status) << ran.out << ran.err;
    const char* ok = verb.status != 0 ? "false" : verb.keys == kListening ? "" : "true";
    EXPECT_EQ(ran.at("ok"), ok) << ran.out;
    EXPECT_EQ(ran.keys(verb.path), verb.keys) << ran.out;
    EXPECT_EQ(ran.out.find('\n'), ran.out.size() - 1) << "one line, and nothing beside it";
  }
}

TEST(EveryVerb, TellsPeopleTheSameWithoutJson) {
  Place place;
  for (const Verb& verb : every_verb()) {
    SCOPED_TRACE(::testing::PrintToString(verb.words));
    const Ran ran = run_to_its_end(place, verb, place.start(verb.words));
    EXPECT_EQ(ran.status, verb.status) << ran.out << ran.err;
    if (verb.status == 0) {
      EXPECT_FALSE(ran.out.empty());
      EXPECT_FALSE(ran.out.starts_with("{")) << ran.out;
      EXPECT_EQ(ran.err.find("error"), std::string::npos) << ran.err;
    } else {
      EXPECT_EQ(ran.out, "");
      EXPECT_TRUE(ran.err.starts_with(verb.status == 2 ? "kartei: usage: " : "kartei: not_found: "))
          << ran.err;
    }
  }
}

TEST(EveryVerb, HasHelpWithAnExampleAndTouchesNothingForIt) {
  Place place;
  std::set<std::string> levels{""};
  for (const std::string& verb : known_verbs(place)) {
    levels.insert(verb);
    if (verb.find(' ') != std::string::npos) levels.insert(verb.substr(0, verb.find(' ')));
  }
  for (const std::string& level : levels) {
    SCOPED_TRACE(level);
    const std::size_t blank = level.find(' ');
    Words words{"--help"};
    if (blank != std::string::npos) words.insert(words.begin(), level.substr(blank + 1));
    if (!level.empty()) words.insert(words.begin(), level.substr(0, blank));
    const Ran ran = place.run(words);
    EXPECT_EQ(ran.status, 0);
    const std::size_t example = ran.out.find("Example:\n  ");
    ASSERT_NE(example, std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find(level, example), std::string::npos) << "its own: " << ran.out;
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(place.json(words).keys("data"), "help");
  }
  EXPECT_FALSE(std::filesystem::exists(place.data()));
}

TEST(EveryVerb, WithoutAWriterOrALogIsRefusedWithoutMakingAMess) {
  Place place;
  place.write("file", "");
  for (const Words& words : {Words{"--data", place.folder() / "file", "patient", "list"},
                             Words{"--data", "/dev/null/x", "patient", "list"}}) {
    const Ran ran = place.json(words);
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_EQ(ran.code(), "\"io\"");
  }
}

}  // namespace
