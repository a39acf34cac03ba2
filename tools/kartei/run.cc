#include "tools/kartei/run.h"

#include <unistd.h>

#include <iostream>
#include <string_view>
#include <utility>

#include "infra/ingest/importer.h"
#include "infra/runtime/clock.h"
#include "tools/kartei/config_file.h"
#include "tools/kartei/output.h"
#include "tools/kartei/tree.h"

namespace kartei {
namespace {

using infra::service::Problem;
using infra::service::ProblemCode;

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
bool wants_json(int argc, const char* const* argv) {
  for (int at = 1; at < argc; ++at) {
    if (std::string_view{argv[at]} == "--json") return true;
  }
  return false;
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

SessionSettings settings_of(const Globals& globals) {
  ConfigFile file;
  if (!globals.config.empty()) file = read_config_file(globals.config);
  auto settings =
      infra::runtime::resolve(globals.flags, infra::runtime::process_environment, file.settings);
  if (!settings) decline_usage(settings.error());
  auto properties = infra::runtime::read_kafka_properties(
      globals.kafka_properties, infra::runtime::process_variables(), file.kafka_properties);
  if (!properties) decline_usage(properties.error());
  return {std::move(settings).value(), std::move(properties).value(), globals.json};
}

Answer act(const Tree& tree,
           const Globals& globals,
           std::istream& in,
           std::ostream& out,
           std::ostream& err) {
  const SessionSettings settings = settings_of(globals);
  auto clock = infra::runtime::make_clock(infra::runtime::process_environment("KARTEI_CLOCK"));
  if (!clock) decline_usage(clock.error());
  const bool terminal = &err == &std::cerr && isatty(STDERR_FILENO) != 0;
  Session session{settings, std::move(clock).value(), in, out, err, terminal};
  if (globals.take_over) session.take_over();
  return tree.chosen(session);
}

}  // namespace

int run(int argc, const char* const* argv, std::istream& in, std::ostream& out, std::ostream& err) {
  Output output{wants_json(argc, argv), out, err};
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
    root.parse(argc, argv);
    return output.say(act(tree, globals, in, out, err));
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

}  // namespace kartei
