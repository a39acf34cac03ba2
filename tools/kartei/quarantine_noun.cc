#include <array>
#include <limits>
#include <memory>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `quarantine` and `dead-letters`: what could not be applied, and what could not be taken in.
namespace kartei {
namespace {

using core::Raw;

std::string present_list(const Raw& data) {
  constexpr std::array<std::string_view, 5> kColumns = {
      "patient_id", "partition", "offset", "error", "since"};
  return table_of(data, kColumns, "nobody is in quarantine");
}

// Dead letters come from consuming topics. The embedded log has no such consumer: an import
// refuses what is wrong at once, so the list is empty and no number is in it.
[[noreturn]] void decline_dead_letter(std::int64_t number) {
  throw Declined{infra::service::Problem{infra::service::ProblemCode::not_found,
                                         "there is no dead letter " + std::to_string(number)}};
}

void add_numbered(Tree& tree, CLI::App& noun, const Entry& entry) {
  auto number = std::make_shared<std::int64_t>(0);
  CLI::App& verb = add_verb(tree, noun, entry, [number](Session& session) -> Answer {
    static_cast<void>(session.kartei());
    decline_dead_letter(*number);
  });
  verb.add_option("N", *number, "its number in the list")
      ->required()
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

void add_quarantine(Tree& tree) {
  CLI::App& noun = add_noun(
      tree,
      {"quarantine", "patients whose last record could not be applied", "kartei quarantine list"});
  static_cast<void>(add_verb(
      tree,
      noun,
      {"list", "who, since when and why", "kartei quarantine list"},
      [](Session& session) {
        return answer_of(value_or_decline(session.kartei().quarantine_list()), present_list);
      }));
  auto id = std::make_shared<std::string>();
  CLI::App& showing =
      add_verb(tree,
               noun,
               {"show", "the record that could not be applied", "kartei quarantine show 7"},
               [id](Session& session) {
                 return answer_of(
                     value_or_decline(session.kartei().quarantine_show(patient_id(*id))), present);
               });
  showing.add_option("ID", *id, "the patient")->required();
}

void add_dead_letters(Tree& tree) {
  CLI::App& noun = add_noun(
      tree, {"dead-letters", "messages that could not be taken in", "kartei dead-letters list"});
  static_cast<void>(add_verb(
      tree,
      noun,
      {"list", "all of them", "kartei dead-letters list"},
      [](Session& session) -> Answer {
        static_cast<void>(session.kartei());
        return {Raw{Raw::Array{}}, [](const Raw&) { return std::string{"no dead letters\n"}; }};
      }));
  add_numbered(tree, noun, {"show", "one message and its mistake", "kartei dead-letters show 3"});
  add_numbered(tree, noun, {"release", "take it in again", "kartei dead-letters release 3"});
  add_numbered(tree, noun, {"evict", "give it up for good", "kartei dead-letters evict 3"});
}

}  // namespace kartei
