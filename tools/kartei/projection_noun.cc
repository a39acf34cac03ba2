#include <array>
#include <memory>
#include <vector>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `projection`: the read models, and how to make them again.
namespace kartei {
namespace {

using core::Raw;

struct Options {
  std::vector<std::string> names;
  bool all = false;
  bool no_cutover = false;
  std::string name;
};

// What rebuild and verify were asked for; empty: all of them.
std::vector<std::string> names_of(const Options& options) {
  if (options.all != options.names.empty()) {
    decline_usage("say which read models: NAME…, or --all");
  }
  return options.names;
}

std::string present_rebuilt(const Raw& data) {
  constexpr std::array<std::string_view, 7> kColumns = {
      "name", "generation", "events", "rows", "seconds", "events_per_second", "cutover"};
  return table_of(data, kColumns, "nothing was rebuilt");
}

std::string present_verified(const Raw& data) {
  constexpr std::array<std::string_view, 5> kColumns = {
      "patient_id", "table", "column", "live", "rebuilt"};
  std::string text;
  for (const Raw& one : elements(data)) {
    const Raw& drift = member(one, "drift");
    const bool equal = elements(drift).empty();
    text += cell(member(one, "name")) + ": " + counted(number(member(one, "rows")), "row", "rows") +
            (equal ? ", all as the log says\n" : ", and these are not what the log says:\n");
    if (!equal) text += table_of(drift, kColumns, "");
  }
  return text;
}

Answer rebuild(Session& session, const Options& options) {
  auto rebuilt = session.kartei().rebuild(names_of(options), !options.no_cutover);
  session.progress().clear();
  return {value_or_decline(std::move(rebuilt)), present_rebuilt};
}

Answer verify(Session& session, const Options& options) {
  auto checked = session.kartei().verify(names_of(options));
  session.progress().clear();
  return answer_of(value_or_decline(std::move(checked)), present_verified);
}

Answer preview(Session& session, const Options& options) {
  auto checked = session.kartei().preview(options.name);
  session.progress().clear();
  return answer_of(value_or_decline(std::move(checked)), present);
}

Answer cut_over(Session& session, const Options& options) {
  return {value_or_decline(session.kartei().cut_over(options.name)), present};
}

Answer roll_back(Session& session, const Options& options) {
  return {value_or_decline(session.kartei().roll_back(options.name)), present};
}

Answer discard(Session& session, const Options& options) {
  return {value_or_decline(session.kartei().discard(options.name)), present};
}

void add_overview(Tree& tree, CLI::App& noun) {
  const auto list = [](Session& session) -> Answer {
    return {session.kartei().projections(), present};
  };
  static_cast<void>(add_verb(
      tree, noun, {"list", "the read models and how they stand", "kartei projection list"}, list));
  static_cast<void>(add_verb(
      tree, noun, {"status", "the same as list", "kartei projection status --json"}, list));
}

void add_of_many(Tree& tree, CLI::App& noun) {
  auto options = std::make_shared<Options>();
  const auto add_names = [&options](CLI::App& verb) {
    verb.add_option("NAME", options->names, "read models; see `kartei projection list`");
    verb.add_flag("--all", options->all, "every read model");
  };
  CLI::App& rebuilding =
      add_verb(tree,
               noun,
               {"rebuild",
                "make read models again from the log, beside the old ones, then cut over",
                "kartei projection rebuild directory exclusions"},
               [options](Session& session) { return rebuild(session, *options); });
  add_names(rebuilding);
  rebuilding.add_flag("--no-cutover", options->no_cutover, "leave the old ones live");
  CLI::App& verifying =
      add_verb(tree,
               noun,
               {"verify",
                "make read models again and compare every row; exit status 7 on drift",
                "kartei projection verify --all"},
               [options](Session& session) { return verify(session, *options); });
  add_names(verifying);
}

void add_of_one(Tree& tree,
                CLI::App& noun,
                const Entry& entry,
                Answer (*verb)(Session&, const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App& added = add_verb(
      tree, noun, entry, [verb, options](Session& session) { return verb(session, *options); });
  added.add_option("NAME", options->name, "a read model; see `kartei projection list`")->required();
}

}  // namespace

void add_projection(Tree& tree) {
  CLI::App& noun = add_noun(tree,
                            {"projection",
                             "the read models: caches of the log that can always be made again",
                             "kartei projection list"});
  add_overview(tree, noun);
  add_of_many(tree, noun);
  add_of_one(tree,
             noun,
             {"preview", "what the cut-over would change", "kartei projection preview directory"},
             preview);
  add_of_one(tree,
             noun,
             {"cutover",
              "make the rebuilt generation the live one",
              "kartei projection cutover directory"},
             cut_over);
  add_of_one(
      tree,
      noun,
      {"rollback", "make the generation before live again", "kartei projection rollback directory"},
      roll_back);
  add_of_one(tree,
             noun,
             {"discard",
              "remove the generations that are not live",
              "kartei projection discard directory"},
             discard);
}

}  // namespace kartei
