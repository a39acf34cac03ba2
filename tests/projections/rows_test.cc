#include <gtest/gtest.h>

#include <functional>

#include "infra/codec/event_codec.h"
#include "projections/all.h"
#include "projections/contacts/contacts.h"
#include "projections/directory/directory.h"
#include "projections/directory/fold_case.h"
#include "projections/directory/json_text.h"
#include "projections/exclusions/exclusions.h"
#include "projections/letzter_kontakt/letzter_kontakt.h"
#include "projections/states/states.h"
#include "projections/status_history/status_history.h"
#include "projections/timeline/timeline.h"

namespace testing_projections {
namespace {

using namespace std::chrono_literals;
using patient::Key;
using patient::PatientId;
using patient::Sequence;
using patient::TherapistId;
using projections::Cell;
using projections::Projection;
using projections::Rows;

const PatientId kAda = PatientId::numbered(7);
const PatientId kNamed = *PatientId::parse("p-7");
constexpr core::Date kDay = std::chrono::year{2026} / 3 / 1;
constexpr core::Timestamp kNoon = kDay + 12h;

patient::State on_file() {
  patient::OnFile ada;
  ada.fields.set(Key::vorname, std::string{"Ada"});
  ada.fields.set(Key::nachname, std::string{"Ölçer"});
  ada.fields.set(Key::vertraege_unterschrieben, true);
  ada.fields.set(Key::geburtsdatum, kDay);
  ada.fields.set(Key::symptome, patient::Symptoms{"Einsamkeit", "Ängste / Panikattacken"});
  ada.fields.set(Key::raeumliche_verfuegbarkeit, patient::Radius{20});
  ada.fields.set(Key::letzter_kontakt, kDay);
  ada.exclusions = {{TherapistId{5}, {"Umzug", kDay}}, {TherapistId{9}, {std::nullopt, kDay}}};
  patient::State state;
  state.sequence = Sequence{4};
  state.sequence_without_contacts = Sequence{3};
  state.standing = std::move(ada);
  state.last_contact = patient::LastContact{kNoon, patient::Channel::phone, "call-1"};
  return state;
}

Rows rows_of(const Projection& projection, const PatientId& id, const patient::State& state) {
  Rows rows;
  std::get<projections::StateRows>(projection.rows)(id, state, rows);
  return rows;
}
Rows rows_of(const Projection& projection, const patient::Event& event, patient::Changes changes) {
  const patient::Envelope envelope{patient::EventId{core::Uuid{}},
                                   kAda,
                                   Sequence{2},
                                   kNoon,
                                   kNoon + 1s,
                                   "clerk",
                                   patient::CommandId{core::Uuid{}},
                                   patient::Digest{1},
                                   patient::CorrelationId{core::Uuid{}},
                                   std::nullopt};
  Rows rows;
  std::get<projections::HistoryRows>(projection.rows)(
      {envelope, event, std::move(changes)}, "bytes", rows);
  return rows;
}
Cell column(const Projection& projection, const projections::Row& row, std::string_view name) {
  const auto& columns = projection.tables[row.table].columns;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (columns[at].name == name) return row.cells[at];
  }
  ADD_FAILURE() << "no column " << name;
  return {};
}

TEST(Rows, EveryRowFitsItsTableAndBeginsWithThePatient) {
  infra::codec::ProtobufEventCodec codec;
  for (const Projection& projection : projections::all(codec)) {
    SCOPED_TRACE(projection.name);
    for (const auto& table : projection.tables) {
      EXPECT_EQ(table.columns.front().name, "patient_id");
      EXPECT_LE(table.key_columns, table.columns.size());
    }
    if (!projection.of_state()) continue;
    for (const auto& row : rows_of(projection, kAda, on_file())) {
      EXPECT_EQ(row.cells.size(), projection.tables[row.table].columns.size());
      EXPECT_EQ(row.cells.front(), Cell{kAda.text()});
    }
  }
}

TEST(Rows, ThoseWhoAreNotOnFileAreNotShown) {
  for (const Projection& projection : projections::read_models()) {
    if (!projection.of_state()) continue;
    for (const patient::Standing& standing : std::initializer_list<patient::Standing>{
             patient::NeverSeen{}, patient::Expected{}, patient::Gone{}}) {
      patient::State state = on_file();
      state.standing = standing;
      EXPECT_TRUE(rows_of(projection, kAda, state).empty());
    }
  }
}

TEST(Directory, ShowsEveryKeyInAColumn) {
  const Projection directory = projections::directory_projection();
  const Rows rows = rows_of(directory, kAda, on_file());
  ASSERT_EQ(rows.size(), 2U);
  const std::pair<std::string_view, Cell> expected[] = {
      {"patient_id", std::string{"7"}},
      {"vorname", std::string{"Ada"}},
      {"ort", Cell{}},
      {"geburtsdatum", std::string{"2026-03-01"}},
      {"vertraege_unterschrieben", std::int64_t{1}},
      {"zahlung_eingegangen", std::int64_t{0}},
      {"erfahrung_mit_psychotherapie", Cell{}},
      {"status", std::string{"offen"}},
      {"symptome", std::string{R"(["Einsamkeit","Ängste / Panikattacken"])"}},
      {"raeumliche_verfuegbarkeit", std::string{R"({"max_km":20})"}},
      {"ausgeschlossene_therapeuten", std::string{"[5,9]"}},
      {"bevorzugtes_therapieverfahren", std::string{"egal"}},
      {"sequence", std::int64_t{4}},
      {"sequence_without_contacts", std::int64_t{3}},
      {"number", std::int64_t{7}},
  };
  for (const auto& [name, cell] : expected)
    EXPECT_EQ(column(directory, rows[0], name), cell) << name;
}

TEST(Directory, SearchesInLowerCaseAndNotAcrossTheTexts) {
  const Projection directory = projections::directory_projection();
  const Rows rows = rows_of(directory, kAda, on_file());
  EXPECT_EQ(column(directory, rows[1], "text"), Cell{std::string{"ada\nölçer\n"}});
}

TEST(Directory, AnIdThatIsNoNumberComesBehindAllNumbers) {
  const Projection directory = projections::directory_projection();
  const Rows rows = rows_of(directory, kNamed, on_file());
  EXPECT_EQ(column(directory, rows[0], "number"), Cell{std::int64_t{1} << 53});
}

TEST(FoldCase, TakesUpperAndLowerCaseForTheSame) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"ABCxyz 019", "abcxyz 019"},
      {"ÄÖÜ ÀÞ × ß", "äöü àþ × ß"},
      {"ŞĞİIı", "şğiiı"},
      {"ŸŁŻĹſ", "ÿłżĺs"},
      {"ΆΩΣς", "άωσσ"},
      {"ЁЖЯҐӁ", "ёжяґӂ"},
      {"STRAẞE", "straße"},
      {"日本 ℵ", "日本 ℵ"},
      {"\xC3", "\xC3"},
      {"\xFF\xFE", "\xFF\xFE"},
  };
  using projections::directory::fold_case;
  for (const auto& [text, folded] : cases) {
    EXPECT_EQ(fold_case(text), folded);
    EXPECT_EQ(fold_case(fold_case(text)), folded);
  }
}

TEST(JsonText, EscapesWhatMustBeEscaped) {
  const core::Raw document{core::Raw::Object{
      {"a\"\\", core::Raw{std::string{"\n\x1Fä"}}},
      {"b", core::Raw{core::Raw::Array{core::Raw{core::Raw::Null{}}, core::Raw{true}}}}}};
  EXPECT_EQ(projections::directory::json_text(document),
            R"({"a\"\\":"\u000a\u001fä","b":[null,true]})");
}

TEST(LetzterKontakt, ShowsDayNumberSourceAndChannel) {
  const Rows rows = rows_of(projections::letzter_kontakt_projection(), kAda, on_file());
  const Rows expected{{0,
                       {std::string{"7"},
                        std::int64_t{7},
                        std::string{"2026-03-01"},
                        std::string{"call-1"},
                        std::string{"phone"}}}};
  EXPECT_EQ(rows, expected);
}

TEST(LetzterKontakt, ShowsThoseNeverContactedWithNull) {
  patient::State state = on_file();
  std::get<patient::OnFile>(state.standing).fields.set(Key::letzter_kontakt, patient::None{});
  state.last_contact.reset();
  const Rows rows = rows_of(projections::letzter_kontakt_projection(), kAda, state);
  const Rows expected{{0, {std::string{"7"}, std::int64_t{7}, Cell{}, Cell{}, Cell{}}}};
  EXPECT_EQ(rows, expected);
}

TEST(Exclusions, ShowsEveryTherapistWithReasonAndDay) {
  const Rows rows = rows_of(projections::exclusions_projection(), kAda, on_file());
  const std::string day = "2026-03-01";
  const Rows expected{{0, {std::string{"7"}, std::int64_t{5}, std::string{"Umzug"}, day}},
                      {0, {std::string{"7"}, std::int64_t{9}, Cell{}, day}}};
  EXPECT_EQ(rows, expected);
}

TEST(Contacts, ShowsAContactAndNothingElse) {
  const Projection contacts = projections::contacts_projection();
  const patient::Contact contact{kNoon,
                                 patient::Channel::email,
                                 patient::Direction::incoming,
                                 TherapistId{3},
                                 {"mail-1", patient::Digest{1}}};
  const Rows rows = rows_of(contacts, patient::ContactRecorded{contact}, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(column(contacts, rows[0], "source"), Cell{std::string{"mail-1"}});
  EXPECT_EQ(column(contacts, rows[0], "sequence"), Cell{std::int64_t{2}});
  EXPECT_EQ(column(contacts, rows[0], "at"), Cell{std::string{"2026-03-01T12:00:00Z"}});
  EXPECT_EQ(column(contacts, rows[0], "direction"), Cell{std::string{"incoming"}});
  EXPECT_EQ(column(contacts, rows[0], "therapist_id"), Cell{std::int64_t{3}});
  EXPECT_TRUE(rows_of(contacts, patient::Updated{}, {}).empty());
}

TEST(StatusHistory, ShowsEveryStatusAndTheEnd) {
  const Projection history = projections::status_history_projection();
  const patient::Changes change{
      {Key::status, patient::Status::offen, patient::Status::auf_der_suche}};
  const Rows changed = rows_of(history, patient::StatusChanged{}, change);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(column(history, changed[0], "status"), Cell{std::string{"auf_der_Suche"}});
  EXPECT_EQ(column(history, changed[0], "since"), Cell{std::string{"2026-03-01T12:00:01Z"}});
  EXPECT_EQ(rows_of(history, patient::Created{}, change).size(), 1U);
  for (const patient::Event& end :
       std::initializer_list<patient::Event>{patient::Deleted{}, patient::Erased{}}) {
    const Rows ended = rows_of(history, end, {});
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(column(history, ended[0], "status"), Cell{});
  }
  EXPECT_TRUE(rows_of(history, patient::Updated{}, {}).empty());
}

TEST(Timeline, KeepsTheRecordAsTheLogHasIt) {
  const Projection timeline = projections::timeline_projection();
  const Rows rows = rows_of(timeline, patient::Restated{}, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(column(timeline, rows[0], "type"), Cell{std::string{"restated"}});
  EXPECT_EQ(column(timeline, rows[0], "actor"), Cell{std::string{"clerk"}});
  EXPECT_EQ(column(timeline, rows[0], "record"), Cell{std::string{"bytes"}});
}

TEST(States, ShowsPatientsOfEveryStandingButNumbersOnlyThoseCreated) {
  infra::codec::ProtobufEventCodec codec;
  const Projection states = projections::states_projection(codec);
  patient::State state = on_file();
  EXPECT_EQ(column(states, rows_of(states, kAda, state)[0], "number"), Cell{std::int64_t{7}});
  state.standing = patient::Gone{};
  EXPECT_EQ(column(states, rows_of(states, kAda, state)[0], "number"), Cell{std::int64_t{7}});
  EXPECT_EQ(column(states, rows_of(states, kNamed, state)[0], "number"), Cell{std::int64_t{0}});
  state.standing = patient::Expected{};
  EXPECT_EQ(column(states, rows_of(states, kAda, state)[0], "number"),
            Cell{projections::kExpectedNumber});
}

}  // namespace
}  // namespace testing_projections
