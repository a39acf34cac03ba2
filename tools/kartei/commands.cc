#include "tools/kartei/completion.h"
#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// Commands without a noun of their own: `doctor`, `version`, `completion`.
namespace kartei {
namespace {

using core::Raw;

Answer version(Session&) {
  return {Raw{Raw::Object{{"version", Raw{std::string{KARTEI_VERSION}}}}},
          [](const Raw& data) { return "kartei " + cell(member(data, "version")) + '\n'; }};
}

}  // namespace

void add_commands(Tree& tree) {
  static_cast<void>(
      add_verb(tree,
               tree.root,
               {"doctor",
                "look at everything, and say what to do; exit status 7 on findings",
                "kartei doctor",
                true},
               [](Session& session) { return answer_of(session.kartei().doctor(), present); }));
  static_cast<void>(add_verb(
      tree, tree.root, {"version", "which version this is", "kartei version", true}, version));
  CLI::App& completion =
      add_noun(tree, {"completion", "completions for a shell", "source <(kartei completion bash)"});
  static_cast<void>(
      add_verb(tree,
               completion,
               {"bash", "a script for bash on stdout", "source <(kartei completion bash)", true},
               [&root = tree.root](Session&) -> Answer {
                 return {Raw{Raw::Object{{"script", Raw{bash_completion(root)}}}},
                         [](const Raw& data) { return cell(member(data, "script")); }};
               }));
}

}  // namespace kartei
