#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "infra/service/kartei.h"
#include "tools/kartei/answer.h"
#include "tools/kartei/session.h"

// Nouns, then verbs. Each noun's file adds its verbs to the tree; parsing chooses one of them.
namespace kartei {

using Action = std::function<Answer(Session&)>;

struct Tree {
  CLI::App& root;
  Action chosen;  // set by parsing, as is the next one
  bool for_itself = false;
};

struct Entry {
  std::string name;
  std::string description;
  std::string example;  // a whole command line that works
  // Whether it is for this process alone: it needs no log, looks at everything from outside, or
  // would be a service itself. Every other verb is run by the service that holds the directory.
  bool for_itself = false;
};

[[nodiscard]] CLI::App& add_noun(Tree& tree, const Entry& entry);
// A verb of `noun`, or a command of its own when `noun` is the root.
[[nodiscard]] CLI::App& add_verb(Tree& tree, CLI::App& noun, const Entry& entry, Action action);

void add_patient_questions(Tree& tree, CLI::App& patient);
void add_patient_changes(Tree& tree, CLI::App& patient);
void add_import(Tree& tree);
void add_query(Tree& tree);
void add_projection(Tree& tree);
void add_events(Tree& tree);
void add_topics(Tree& tree);
void add_quarantine(Tree& tree);
void add_dead_letters(Tree& tree);
void add_follow(Tree& tree);
void add_serve(Tree& tree);
void add_token(Tree& tree);
void add_commands(Tree& tree);  // doctor, version, completion

// Options that several verbs share. -----------------------------------------------------------

// --wait-for and --timeout.
struct WaitOptions {
  std::string token;
  double timeout_seconds = 5;

  void add_to(CLI::App& verb);
  [[nodiscard]] infra::service::Wait wait() const;
};

// The patient that ID names; `invalid` when no patient can be called so.
[[nodiscard]] patient::PatientId patient_id(const std::string& text);
// `option` names a calendar day or a time; a usage error otherwise.
[[nodiscard]] core::Date date_option(const std::string& option, const std::string& text);
[[nodiscard]] core::Timestamp time_option(const std::string& option, const std::string& text);

// The actor that changes are recorded under when nobody names one.
inline constexpr const char* kActor = "cli";
void add_actor_option(CLI::App& verb, std::string& actor);
// Throws the usage error when `actor` is no 1 to 100 printable characters.
void check_actor(const std::string& actor);

// A query's answer, put to people by `for_people`.
[[nodiscard]] Answer answer_of(infra::service::Answered answered,
                               std::function<std::string(const core::Raw&)> for_people);
// A check's answer: exit status 7 when it found something.
[[nodiscard]] Answer answer_of(infra::service::Checked checked,
                               std::function<std::string(const core::Raw&)> for_people);

}  // namespace kartei
