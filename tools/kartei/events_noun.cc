#include <array>
#include <limits>
#include <memory>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `events`: the log itself.
namespace kartei {
namespace {

using core::Raw;

constexpr std::int64_t kLimitMax = 1000;

struct Options {
  std::string topic = "patient-history";
  std::optional<std::int32_t> partition;
  std::int64_t from = 0;
  std::int64_t limit = 100;
  std::string id;
  std::string actor = kActor;
};

ports::Topic topic_of(const std::string& text) {
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    if (text == ports::name(topic)) return topic;
  }
  decline_usage("--topic is patient-events or patient-history");
}

std::string present_verified(const Raw& data) {
  constexpr std::array<std::string_view, 3> kColumns = {"code", "patient_id", "message"};
  const Raw& problems = member(data, "problems");
  const auto found = static_cast<std::int64_t>(elements(problems).size());
  std::string text = counted(number(member(data, "patients")), "patient", "patients") + ", " +
                     counted(number(member(data, "events")), "event", "events") + ": " +
                     (found == 0 ? "all is well" : counted(found, "problem", "problems")) + '\n';
  if (found > 0) text += table_of(problems, kColumns, "");
  return text;
}

Answer read(Session& session, const Options& options) {
  const infra::service::ReadFrom from{.topic = topic_of(options.topic),
                                      .partition = options.partition,
                                      .offset = options.from,
                                      .limit = options.limit};
  return {value_or_decline(session.kartei().read_events(from)), present};
}

Answer repair(Session& session, const Options& options) {
  check_actor(options.actor);
  const patient::PatientId id = patient_id(options.id);
  return {value_or_decline(session.kartei().repair(id, options.actor)), present};
}

Answer restate(Session& session, const Options& options) {
  check_actor(options.actor);
  auto restated = session.kartei().restate(options.actor);
  session.progress().clear();
  return {value_or_decline(std::move(restated)), present};
}

void add_read(Tree& tree, CLI::App& noun) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = add_verb(
      tree,
      noun,
      {"read", "records of the log", "kartei events read --partition 3 --from 40 --limit 10"},
      [options](Session& session) { return read(session, *options); });
  verb.add_option("--topic", options->topic, "patient-history (default) or patient-events")
      ->type_name("T");
  verb.add_option("--partition", options->partition, "of this partition alone")
      ->type_name("P")
      ->check(CLI::Range(0, ports::kPartitionsMax - 1));
  verb.add_option("--from", options->from, "from this offset on (default 0)")
      ->type_name("OFFSET")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  verb.add_option("--limit", options->limit, "at most so many, 1 to 1000 (default 100)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, kLimitMax));
}

}  // namespace

void add_events(Tree& tree) {
  CLI::App& noun =
      add_noun(tree, {"events", "the log: read it, check it, mend it", "kartei events stats"});
  add_read(tree, noun);
  static_cast<void>(add_verb(tree,
                             noun,
                             {"stats", "how many records of which kind", "kartei events stats"},
                             [](Session& session) -> Answer {
                               return {session.kartei().event_stats(), present};
                             }));
  static_cast<void>(add_verb(
      tree,
      noun,
      {"verify",
       "fold every patient's history and compare it with the recorded state; exit status 7 "
       "when something is wrong",
       "kartei events verify"},
      [](Session& session) {
        infra::service::Checked checked = session.kartei().verify_events();
        session.progress().clear();
        return answer_of(std::move(checked), present_verified);
      }));
  {
    auto options = std::make_shared<Options>();
    CLI::App& verb = add_verb(tree,
                              noun,
                              {"repair",
                               "append the state again as the patient's history folds to it",
                               "kartei events repair 7"},
                              [options](Session& session) { return repair(session, *options); });
    verb.add_option("ID", options->id, "the patient")->required();
    add_actor_option(verb, options->actor);
  }
  {
    auto options = std::make_shared<Options>();
    CLI::App& verb = add_verb(
        tree,
        noun,
        {"restate", "the same for every patient", "kartei events restate --actor operator"},
        [options](Session& session) { return restate(session, *options); });
    add_actor_option(verb, options->actor);
  }
}

}  // namespace kartei
