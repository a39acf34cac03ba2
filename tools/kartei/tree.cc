#include "tools/kartei/tree.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "domain/core/text.h"
#include "domain/handling/submission.h"

namespace kartei {
namespace {

constexpr double kTimeoutMax = 3600;

// CLI::Range lets "nan" pass.
std::string timeout_problem(const std::string& text) {
  double seconds = -1;
  const char* const end = text.data() + text.size();
  const bool whole = std::from_chars(text.data(), end, seconds).ptr == end;
  return whole && seconds >= 0 && seconds <= kTimeoutMax ? "" : "is 0 to 3600 seconds";
}

CLI::App& add(CLI::App& parent, const Entry& entry) {
  CLI::App& added = *parent.add_subcommand(entry.name, entry.description);
  added.footer("Example:\n  " + entry.example);
  return added;
}

}  // namespace

CLI::App& add_noun(Tree& tree, const Entry& entry) {
  CLI::App& noun = add(tree.root, entry);
  noun.require_subcommand(1);
  return noun;
}

CLI::App& add_verb(Tree& tree, CLI::App& noun, const Entry& entry, Action action) {
  CLI::App& verb = add(noun, entry);
  verb.callback([&tree, action = std::move(action), for_itself = entry.for_itself] {
    tree.chosen = action;
    tree.for_itself = for_itself;
  });
  return verb;
}

void WaitOptions::add_to(CLI::App& verb) {
  verb.add_option("--wait-for", token, "answer when the read model has seen this position")
      ->type_name("TOKEN");
  verb.add_option("--timeout", timeout_seconds, "how long to wait at most (default 5)")
      ->type_name("SECONDS")
      ->check(timeout_problem);
}

infra::service::Wait WaitOptions::wait() const {
  infra::service::Wait wait;
  if (!token.empty()) wait.token = token;
  wait.timeout = std::chrono::milliseconds{std::llround(timeout_seconds * 1000)};
  return wait;
}

patient::PatientId patient_id(const std::string& text) {
  auto id = patient::PatientId::parse(text);
  if (!id) {
    decline_field("id",
                  "is 1 to 64 of the characters A-Z a-z 0-9 . _ -, first a letter or digit, or a "
                  "number without leading zero");
  }
  return *std::move(id);
}

core::Date date_option(const std::string& option, const std::string& text) {
  const auto date = core::parse_date(text);
  if (!date) decline_usage(option + " is a day such as 2026-01-31");
  return *date;
}

core::Timestamp time_option(const std::string& option, const std::string& text) {
  const auto at = core::parse_timestamp(text);
  if (!at) decline_usage(option + " is a time such as 2026-01-31T09:30:00Z");
  return *at;
}

void add_actor_option(CLI::App& verb, std::string& actor) {
  verb.add_option("--actor", actor, "who asks for it, as the history will say (default cli)")
      ->type_name("NAME");
}

void check_actor(const std::string& actor) {
  if (!core::is_one_line(actor, handling::kActorCharactersMax))
    decline_usage("--actor is 1 to 100 printable characters");
}

Answer answer_of(infra::service::Answered answered,
                 std::function<std::string(const core::Raw&)> for_people) {
  return Answer{.data = std::move(answered.data),
                .for_people = std::move(for_people),
                .position = std::move(answered.position),
                .lag_events = answered.lag_events};
}

Answer answer_of(infra::service::Checked checked,
                 std::function<std::string(const core::Raw&)> for_people) {
  return Answer{.data = std::move(checked.data),
                .for_people = std::move(for_people),
                .exit_status = checked.found ? kExitFound : kExitDone};
}

}  // namespace kartei
