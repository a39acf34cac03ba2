#include <array>
#include <limits>
#include <memory>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `dead-letters`: what other services sent and could not be taken in. On the embedded log there is
// none: an import refuses what is wrong at once.
namespace kartei {
namespace {

using core::Raw;
using infra::service::Kartei;
using infra::service::Outcome;

std::string present_list(const Raw& data) {
  constexpr std::array<std::string_view, 7> kColumns = {
      "number", "topic", "partition", "offset", "code", "message", "since"};
  return table_of(data, kColumns, "no dead letters");
}

void add_numbered(Tree& tree,
                  CLI::App& noun,
                  const Entry& entry,
                  Outcome<Raw> (Kartei::*action)(std::int64_t)) {
  auto number = std::make_shared<std::int64_t>(0);
  CLI::App& verb = add_verb(tree, noun, entry, [number, action](Session& session) -> Answer {
    return {value_or_decline((session.kartei().*action)(*number)), present};
  });
  verb.add_option("N", *number, "its number in the list")
      ->required()
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

void add_dead_letters(Tree& tree) {
  CLI::App& noun = add_noun(
      tree, {"dead-letters", "messages that could not be taken in", "kartei dead-letters list"});
  static_cast<void>(
      add_verb(tree,
               noun,
               {"list", "those that are neither released nor evicted", "kartei dead-letters list"},
               [](Session& session) -> Answer {
                 return {session.kartei().dead_letters(), present_list};
               }));
  add_numbered(tree,
               noun,
               {"show",
                "where the message is, why it was refused, whether it is still there",
                "kartei dead-letters show 3"},
               &Kartei::dead_letter);
  add_numbered(
      tree,
      noun,
      {"release",
       "take it in again, or request that of who writes; it stays when it is still refused",
       "kartei dead-letters release 3"},
      &Kartei::release_dead_letter);
  add_numbered(tree,
               noun,
               {"evict", "give it up for good", "kartei dead-letters evict 3"},
               &Kartei::evict_dead_letter);
}

}  // namespace kartei
