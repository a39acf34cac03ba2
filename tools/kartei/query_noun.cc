#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "domain/patient/parse.h"
#include "tools/kartei/present.h"
#include "tools/kartei/table.h"
#include "tools/kartei/tree.h"

// `query`: questions across patients.
namespace kartei {
namespace {

using core::Raw;

constexpr std::int64_t kLimitMax = 1000;

struct Options {
  WaitOptions wait;
  std::string before;
  bool never = false;
  std::optional<std::int64_t> limit;
  std::string patient;
  std::string therapist;
  std::string projection;
  std::string sql;
};
using Verb = Answer (*)(Session&, const Options&);

std::string present_letzter_kontakt(const Raw& data) {
  constexpr std::array<std::string_view, 6> kColumns = {
      "patient_id", "vorname", "nachname", "letzter_kontakt", "channel", "source"};
  return table_of(data, kColumns, "nobody");
}

std::string present_exclusions(const Raw& data) {
  constexpr std::array<std::string_view, 4> kColumns = {
      "patient_id", "therapist_id", "reason", "since"};
  return table_of(data, kColumns, "no exclusions");
}

std::string present_contacts(const Raw& data) {
  constexpr std::array<std::string_view, 5> kColumns = {
      "at", "channel", "direction", "therapist_id", "source"};
  return table_of(data, kColumns, "no contacts");
}

std::string present_rows(const Raw& data) {
  std::vector<std::string> header;
  for (const Raw& column : elements(member(data, "columns"))) header.push_back(cell(column));
  const Raw::Array& rows = elements(member(data, "rows"));
  Table table{std::move(header)};
  for (const Raw& row : rows) {
    std::vector<std::string> cells;
    for (const Raw& value : elements(row)) cells.push_back(cell(value));
    table.add(std::move(cells));
  }
  return table.text() + "(" + counted(static_cast<std::int64_t>(rows.size()), "row", "rows") +
         ")\n";
}

Answer letzter_kontakt(Session& session, const Options& options) {
  infra::service::ContactFilter filter;
  filter.never = options.never;
  filter.limit = options.limit;
  if (!options.before.empty()) filter.before = date_option("--before", options.before);
  return answer_of(value_or_decline(session.kartei().letzter_kontakt(filter, options.wait.wait())),
                   present_letzter_kontakt);
}

Answer exclusions(Session& session, const Options& options) {
  infra::service::ExclusionFilter filter;
  if (!options.patient.empty()) filter.patient = patient_id(options.patient);
  if (!options.therapist.empty()) {
    filter.therapist = patient::parse_therapist(options.therapist);
    if (!filter.therapist) decline_usage("--therapist is a number from 1 to 9007199254740991");
  }
  return answer_of(value_or_decline(session.kartei().exclusions(filter, options.wait.wait())),
                   present_exclusions);
}

Answer status_summary(Session& session, const Options& options) {
  return answer_of(value_or_decline(session.kartei().status_summary(options.wait.wait())), present);
}

Answer status_durations(Session& session, const Options& options) {
  return answer_of(value_or_decline(session.kartei().status_durations(options.wait.wait())),
                   present);
}

Answer contacts(Session& session, const Options& options) {
  const patient::PatientId id = patient_id(options.patient);
  return answer_of(value_or_decline(session.kartei().contacts(id, options.wait.wait())),
                   present_contacts);
}

Answer sql(Session& session, const Options& options) {
  return answer_of(
      value_or_decline(session.kartei().sql(options.projection, options.sql, options.wait.wait())),
      present_rows);
}

std::pair<CLI::App&, std::shared_ptr<Options>> add(Tree& tree,
                                                   CLI::App& noun,
                                                   const Entry& entry,
                                                   Verb verb) {
  auto options = std::make_shared<Options>();
  CLI::App& added = add_verb(
      tree, noun, entry, [verb, options](Session& session) { return verb(session, *options); });
  options->wait.add_to(added);
  return {added, options};
}

void add_letzter_kontakt(Tree& tree, CLI::App& noun) {
  const auto [verb, options] = add(tree,
                                   noun,
                                   {"letzter-kontakt",
                                    "who was not contacted for longest; the never contacted first",
                                    "kartei query letzter-kontakt --before 2026-01-01"},
                                   letzter_kontakt);
  CLI::Option* before =
      verb.add_option("--before", options->before, "last contacted before this day, not never")
          ->type_name("DATE");
  verb.add_flag("--never", options->never, "only the never contacted")->excludes(before);
  verb.add_option("--limit", options->limit, "at most so many, 1 to 1000")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, kLimitMax));
}

void add_exclusions(Tree& tree, CLI::App& noun) {
  const auto [verb, options] = add(tree,
                                   noun,
                                   {"exclusions",
                                    "which patients do not want which therapists, and why",
                                    "kartei query exclusions --therapist 301"},
                                   exclusions);
  verb.add_option("--patient", options->patient, "of this patient")->type_name("ID");
  verb.add_option("--therapist", options->therapist, "of this therapist")->type_name("ID");
}

}  // namespace

void add_query(Tree& tree) {
  CLI::App& noun =
      add_noun(tree, {"query", "ask the read models", "kartei query letzter-kontakt --limit 10"});
  add_letzter_kontakt(tree, noun);
  add_exclusions(tree, noun);
  static_cast<void>(
      add(tree,
          noun,
          {"status-summary", "how many patients have which status", "kartei query status-summary"},
          status_summary));
  static_cast<void>(
      add(tree,
          noun,
          {"status-durations", "how long patients keep a status", "kartei query status-durations"},
          status_durations));
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"contacts", "every contact of a patient, newest first", "kartei query contacts 7"},
            contacts);
    verb.add_option("ID", options->patient, "the patient")->required();
  }
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"sql",
             "a SELECT over the rows of one read model (read-only)",
             "kartei query sql status_history \"SELECT count(*) FROM status_history\""},
            sql);
    verb.add_option("PROJECTION", options->projection, "see `kartei projection list`")->required();
    verb.add_option("SELECT", options->sql, "the statement, as one argument")->required();
  }
}

}  // namespace kartei
