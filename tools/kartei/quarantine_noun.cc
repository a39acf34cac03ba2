#include <array>
#include <memory>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `quarantine`: what could not be applied.
namespace kartei {
namespace {

using core::Raw;

std::string present_list(const Raw& data) {
  constexpr std::array<std::string_view, 5> kColumns = {
      "patient_id", "partition", "offset", "error", "since"};
  return table_of(data, kColumns, "nobody is in quarantine");
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

}  // namespace kartei
