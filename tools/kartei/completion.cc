#include "tools/kartei/completion.h"

#include <set>
#include <vector>

namespace kartei {
namespace {

std::string words_of(const CLI::App& app, const CLI::App& root) {
  std::set<std::string> words;
  for (const CLI::App* below : app.get_subcommands({})) words.insert(below->get_name());
  for (const CLI::App* from : {&app, &root}) {  // Each has its own --help.
    for (const CLI::Option* option : from->get_options()) {
      for (const std::string& name : option->get_lnames()) words.insert("--" + name);
    }
  }
  return CLI::detail::join(words, " ");
}

// One arm for `app` and each command below it: the words that may come next.
void add_arms(const CLI::App& app,
              const CLI::App& root,
              const std::string& path,
              std::string& arms) {
  arms += "    \"" + path + "\") words=\"" + words_of(app, root) + "\" ;;\n";
  for (const CLI::App* below : app.get_subcommands({})) {
    add_arms(*below, root, path + ' ' + below->get_name(), arms);
  }
}

// The commands as one pattern, `" patient"|" patient show"|…`.
void add_paths(const CLI::App& app, const std::string& path, std::vector<std::string>& paths) {
  for (const CLI::App* below : app.get_subcommands({})) {
    paths.push_back('"' + path + ' ' + below->get_name() + '"');
    add_paths(*below, path + ' ' + below->get_name(), paths);
  }
}

}  // namespace

std::string bash_completion(const CLI::App& root) {
  std::vector<std::string> paths;
  add_paths(root, "", paths);
  std::string arms;
  add_arms(root, root, "", arms);
  return "# Completions for kartei. Use: source <(kartei completion bash)\n"
         "_kartei() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} path= words= at\n"
         "  for ((at = 1; at < COMP_CWORD; at++)); do\n"
         "    case \"$path ${COMP_WORDS[at]}\" in\n"
         "      " +
         CLI::detail::join(paths, "|") +
         ")\n"
         "        path+=\" ${COMP_WORDS[at]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         arms +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _kartei kartei\n";
}

}  // namespace kartei
