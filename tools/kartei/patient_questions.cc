#include <algorithm>
#include <array>
#include <memory>

#include "tools/kartei/present.h"
#include "tools/kartei/table.h"
#include "tools/kartei/tree.h"

// The verbs of `patient` that ask.
namespace kartei {
namespace {

using core::Raw;

constexpr std::int64_t kLimitMax = 1000;
constexpr std::int64_t kPageMax = 1'000'000'000;

struct Options {
  WaitOptions wait;
  std::string id;
  std::string as_of;
  std::string status;
  std::string search;
  std::int64_t page = 1;
  std::int64_t limit = 20;
};

std::string present_patient(const Raw& data) {
  return present(member(data, "patient")) + "(sequence " + cell(member(data, "sequence")) + ")\n";
}

std::string present_list(const Raw& data) {
  constexpr std::array<std::string_view, 6> kColumns = {
      "id", "vorname", "nachname", "status", "letzter_kontakt", "email"};
  const std::int64_t total = number(member(data, "total"));
  const std::int64_t limit = std::max<std::int64_t>(1, number(member(data, "limit")));
  std::string text = table_of(member(data, "data"), kColumns, "nobody");
  text += "(page " + cell(member(data, "page")) + " of " +
          std::to_string(std::max<std::int64_t>(1, (total + limit - 1) / limit)) + ", " +
          counted(total, "patient", "patients") + ")\n";
  return text;
}

std::string present_change(const std::string& key, const Raw& change) {
  const Raw::Array& both = elements(change);
  std::string text = "      " + printable(key) + ": ";
  if (both.size() != 2) return text + printable(cell(change)) + '\n';
  if (!both[0].is_null()) text += printable(cell(both[0])) + " → ";
  return text + printable(cell(both[1])) + '\n';
}

std::string present_history(const Raw& data) {
  std::string text;
  for (const Raw& event : elements(data)) {
    text += cell(member(event, "sequence")) + "  " + cell(member(event, "recorded_at")) + "  " +
            cell(member(event, "type")) + " by " + printable(cell(member(event, "actor")));
    if (member(event, "occurred_at") != member(event, "recorded_at")) {
      text += ", of " + cell(member(event, "occurred_at"));
    }
    text += '\n';
    const auto* changes = member(event, "changes").as<Raw::Object>();
    if (changes == nullptr) continue;
    for (const auto& [key, change] : *changes) text += present_change(key, change);
  }
  return text.empty() ? "no events\n" : text;
}

Answer show(Session& session, const Options& options) {
  const patient::PatientId id = patient_id(options.id);
  const infra::service::Wait wait = options.wait.wait();
  if (options.as_of.empty()) {
    return answer_of(value_or_decline(session.kartei().show(id, wait)), present_patient);
  }
  const core::Timestamp as_of = time_option("--as-of", options.as_of);
  return answer_of(value_or_decline(session.kartei().show_as_of(id, as_of, wait)), present_patient);
}

Answer list(Session& session, const Options& options) {
  infra::service::ListFilter filter;
  filter.page = options.page;
  filter.limit = options.limit;
  if (!options.status.empty()) {
    filter.status = patient::parse_status(options.status);
    if (!filter.status) decline_usage("--status is one of " + patient::known_statuses());
  }
  if (!options.search.empty()) filter.search = options.search;
  return answer_of(value_or_decline(session.kartei().list(filter, options.wait.wait())),
                   present_list);
}

Answer history(Session& session, const Options& options) {
  const patient::PatientId id = patient_id(options.id);
  return answer_of(value_or_decline(session.kartei().history(id, options.wait.wait())),
                   present_history);
}

}  // namespace

void add_patient_questions(Tree& tree, CLI::App& noun) {
  {
    auto options = std::make_shared<Options>();
    CLI::App& verb = add_verb(tree,
                              noun,
                              {"show",
                               "all 36 keys of a patient, now or as they were recorded at a time",
                               "kartei patient show 7 --as-of 2026-01-31T00:00:00Z"},
                              [options](Session& session) { return show(session, *options); });
    verb.add_option("ID", options->id, "the patient")->required();
    verb.add_option("--as-of", options->as_of, "as recorded up to then")->type_name("TIME");
    options->wait.add_to(verb);
  }
  {
    auto options = std::make_shared<Options>();
    CLI::App& verb = add_verb(
        tree,
        noun,
        {"list", "patients by number", "kartei patient list --status offen --search mueller"},
        [options](Session& session) { return list(session, *options); });
    verb.add_option("--status", options->status, patient::known_statuses())->type_name("S");
    verb.add_option("--search", options->search, "part of vorname, nachname or email, in any case")
        ->type_name("TEXT");
    verb.add_option("--page", options->page, "from 1")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, kPageMax));
    verb.add_option("--limit", options->limit, "patients a page, 1 to 1000 (default 20)")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, kLimitMax));
    options->wait.add_to(verb);
  }
  {
    auto options = std::make_shared<Options>();
    CLI::App& verb =
        add_verb(tree,
                 noun,
                 {"history", "everything that happened to a patient", "kartei patient history 7"},
                 [options](Session& session) { return history(session, *options); });
    verb.add_option("ID", options->id, "the patient")->required();
    options->wait.add_to(verb);
  }
}

}  // namespace kartei
