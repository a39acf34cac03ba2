#include "tools/kartei/run.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "domain/core/match.h"
#include "infra/ingest/importer.h"
#include "infra/runtime/clock.h"
#include "tools/kartei/config_file.h"
#include "tools/kartei/output.h"
#include "tools/kartei/tree.h"

namespace kartei {
namespace {

using infra::control::Start;
using infra::service::Problem;
using infra::service::ProblemCode;

constexpr const char* kClock = "KARTEI_CLOCK";  // what it says, for tests and tours

struct Globals {
  infra::runtime::GivenSettings flags;
  std::vector<std::string> kafka_properties;
  std::string config;
  bool json = false;
  bool take_over = false;
};

void add_globals(CLI::App& root, Globals& globals) {
  root.add_flag("--json", globals.json, "exactly one JSON document on stdout");
  root.add_flag("--take-over",
                globals.take_over,
                "write on Kafka although a service has its turn, which is fenced");
  root.add_option("--config", globals.config, "settings from a TOML file")->type_name("FILE");
  for (const auto& setting : infra::runtime::all_settings()) {
    const std::string name{setting.name};
    root.add_option_function<std::string>(
            "--" + name,
            [&globals, name](const std::string& value) { globals.flags[name] = value; },
            std::string{setting.meaning} + " (or " + std::string{setting.variable} + ')')
        ->type_name(std::string{setting.placeholder});
  }
  const auto& property = infra::runtime::kKafkaPropertySetting;
  root.add_option("--" + std::string{property.name},
                  globals.kafka_properties,
                  std::string{property.meaning} + " (or " + std::string{property.variable} + ')')
      ->type_name(std::string{property.placeholder})
      ->allow_extra_args(false);
}

void add_nouns(Tree& tree) {
  CLI::App& patient =
      add_noun(tree, {"patient", "patients, one at a time", "kartei patient show 7"});
  add_patient_changes(tree, patient);
  add_patient_questions(tree, patient);
  add_import(tree);
  add_query(tree);
  add_projection(tree);
  add_events(tree);
  add_topics(tree);
  add_quarantine(tree);
  add_dead_letters(tree);
  add_follow(tree);
  add_serve(tree);
  add_token(tree);
  add_commands(tree);
}

// Whether --json is on the command line: known even when the rest of it cannot be parsed.
bool wants_json(const std::vector<std::string>& arguments) {
  return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

// What was given too much: an option by its name, a word where a command belongs. Anything else
// may be a value, and is not repeated.
std::string describe_extras(const CLI::App& root) {
  const CLI::App* deepest = &root;
  while (!deepest->get_subcommands().empty()) deepest = deepest->get_subcommands().front();
  const bool expects_command = deepest->get_require_subcommand_min() > 0;
  for (const std::string& extra : root.remaining(true)) {
    if (extra.starts_with("-")) return "unknown option " + extra.substr(0, extra.find('='));
    if (expects_command) return "unknown command " + extra;
  }
  return "too many arguments";
}

Problem problem_of(const CLI::ParseError& error, const CLI::App& root) {
  const CLI::App* deepest = &root;
  std::string path = root.get_name();
  while (!deepest->get_subcommands().empty()) {
    deepest = deepest->get_subcommands().front();
    path += ' ' + deepest->get_name();
  }
  std::string sentence = error.what();
  const auto extras = root.remaining(true);
  if (!extras.empty()) sentence = describe_extras(root);
  return {ProblemCode::usage, sentence + "; see `" + path + " --help`"};
}

// Whether the program looks at this variable; nothing else is handed to a service.
bool is_ours(const std::string& variable) {
  const auto settings = infra::runtime::all_settings();
  return variable == kClock || variable.starts_with(infra::runtime::kKafkaPropertyVariables) ||
         std::any_of(settings.begin(), settings.end(), [&](const auto& setting) {
           return setting.variable == variable;
         });
}

std::optional<std::string> variable(const Start& start, const std::string& name) {
  const auto found = start.variables.find(name);
  return found == start.variables.end() ? std::nullopt : std::optional{found->second};
}

// A service has its own, and whoever it runs this for has read that file already.
SessionSettings settings_of(const Globals& globals, const Start& start, bool in_service) {
  ConfigFile file;
  if (!globals.config.empty() && !in_service) file = read_config_file(globals.config);
  auto settings = infra::runtime::resolve(
      globals.flags,
      [&start](const std::string& name) { return variable(start, name); },
      file.settings);
  if (!settings) decline_usage(settings.error());
  auto properties =
      infra::runtime::read_kafka_properties(globals.kafka_properties,
                                            {start.variables.begin(), start.variables.end()},
                                            file.kafka_properties);
  if (!properties) decline_usage(properties.error());
  return {std::move(settings).value(), std::move(properties).value(), globals.json};
}

// Whoever names another log than the service's would be answered from that one.
void expect_log_of(const infra::runtime::Settings& service, const infra::runtime::Settings& given) {
  if (!given.brokers ||
      (given.brokers == service.brokers && given.topic_prefix == service.topic_prefix))
    return;
  throw Declined{Problem{ProblemCode::log_mismatch,
                         "a service holds this data directory, and its log is " +
                             (service.brokers ? "on Kafka at " + *service.brokers +
                                                    " under the prefix " + service.topic_prefix
                                              : std::string{"embedded"}) +
                             ": name that log or none, or another data directory"}};
}

// By the service that holds the data directory. None: there is no service.
std::optional<Answer> act_in_service(const infra::runtime::Settings& settings,
                                     const Invocation& invocation) {
  const auto called = infra::control::call(
      settings.data, invocation.start, invocation.in, invocation.out, invocation.err);
  return core::match(
      called,
      [](infra::control::Nobody) -> std::optional<Answer> { return std::nullopt; },
      [](infra::control::TooMany) -> std::optional<Answer> {
        throw Declined{Problem{ProblemCode::locked,
                               "the service that holds the data directory runs as many command "
                               "lines as it may; nothing was done, try again"}};
      },
      [](infra::control::WentAway) -> std::optional<Answer> {
        throw Declined{Problem{ProblemCode::outcome_unknown,
                               "the service that holds the data directory went away before it had "
                               "answered; what it was asked may have happened, look, or ask again "
                               "with the same --command-id"}};
      },
      [](int status) -> std::optional<Answer> {
        return Answer{.data = {}, .for_people = {}, .exit_status = status, .was_said = true};
      });
}

Answer act(const Tree& tree,
           const Globals& globals,
           const Within* within,
           const Invocation& invocation) {
  const SessionSettings settings = settings_of(globals, invocation.start, within != nullptr);
  auto clock = infra::runtime::make_clock(variable(invocation.start, kClock));
  if (!clock) decline_usage(clock.error());
  if (within != nullptr) expect_log_of(within->settings, settings.settings);
  Session session{settings, std::move(clock).value(), invocation, within};
  if (globals.take_over) session.take_over();
  if (within == nullptr && !tree.for_itself) {
    if (auto answer = act_in_service(settings.settings, invocation)) return std::move(*answer);
  }
  return tree.chosen(session);
}

int run(const Within* within, const Invocation& invocation) {
  const auto& [start, in, out, err] = invocation;
  Output output{wants_json(start.arguments), out, err};
  CLI::App root{"An event-sourced patient service on one log.", "kartei"};
  root.footer("Example:\n  kartei patient list --status offen");
  root.set_help_flag("-h,--help", "this text");
  root.require_subcommand(1);
  root.fallthrough();
  Globals globals;
  Tree tree{root, {}};
  add_globals(root, globals);
  add_nouns(tree);
  try {
    std::vector<std::string> last_first{start.arguments.rbegin(), start.arguments.rend()};
    root.parse(std::move(last_first));
    return output.say(act(tree, globals, within, invocation));
  } catch (const CLI::CallForHelp&) {
    return output.say_help(root.help());
  } catch (const CLI::ParseError& error) {
    return output.say(problem_of(error, root));
  } catch (const Declined& declined) {
    return output.say(declined.problem());
  } catch (const infra::ingest::OutcomeUnknownError& unknown) {
    return output.say(Problem{ProblemCode::outcome_unknown, unknown.what()});
  } catch (const core::Broken& broken) {
    return output.say(infra::service::problem_of(broken));
  } catch (const std::exception& error) {
    return output.say(Problem{ProblemCode::internal, error.what()});
  }
}

}  // namespace

int run(const Invocation& invocation) { return run(nullptr, invocation); }

int run_within(const Within& within, const Invocation& invocation) {
  return run(&within, invocation);
}

Start start_of_process(int argc, const char* const* argv) {
  Start start{{argv + std::min(argc, 1), argv + argc}, {}, {}, isatty(STDERR_FILENO) != 0};
  for (const auto& [name, value] : infra::runtime::process_variables()) {
    if (is_ours(name)) start.variables.emplace(name, value);
  }
  std::error_code error;
  start.folder = std::filesystem::current_path(error);  // A folder that is gone has no name.
  return start;
}

}  // namespace kartei
