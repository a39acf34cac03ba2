#include <array>
#include <memory>
#include <vector>

#include "infra/ingest/importer.h"
#include "infra/runtime/signals.h"
#include "tools/kartei/input.h"
#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `import`: registrations and communications from files.
namespace kartei {
namespace {

using core::Raw;
using infra::ingest::Content;
using infra::ingest::Importer;

// Whoever has so many refused imports something else than they think; the answer names each.
constexpr std::size_t kRefusedMax = 10'000;

struct Options {
  std::vector<std::string> paths;
  std::string actor = "import";
};

std::string present_summary(const Raw& data) {
  constexpr std::array<std::string_view, 4> kColumns = {"file", "line", "code", "message"};
  const Raw& refused = member(data, "refused");
  const auto refusals = static_cast<std::int64_t>(elements(refused).size());
  std::string text = cell(member(data, "imported")) + " imported, " +
                     counted(number(member(data, "duplicates")), "duplicate", "duplicates") + ", " +
                     cell(member(data, "ignored")) + " ignored, " + std::to_string(refusals) +
                     " refused\n";
  if (refusals > 0) text += table_of(refused, kColumns, "");
  return text;
}

// A request to stop (SIGTERM, SIGINT) ends the import between two documents; what was taken until
// then is in the log and is a duplicate the next time.
Answer import(Session& session, const Options& options, Content content) {
  check_actor(options.actor);
  const std::vector<std::string> files = files_of(options.paths, session.input());
  auto& kartei = session.kartei();
  Importer importer{content, options.actor, session.ids(), [&kartei](auto submissions) {
                      return kartei.handle(submissions);
                    }};
  std::optional<infra::runtime::StopSignals> signals;
  if (!session.in_service()) signals.emplace();
  std::int64_t count = 0;
  const auto take = [&](infra::ingest::Item item) {
    session.expect_wanted();
    importer.add(std::move(item));
    session.progress().report("import", ++count, 0);
    if (importer.summary().refused.size() >= kRefusedMax) return false;
    return !signals || !signals->requested();
  };
  bool stopped = false;
  for (const std::string& file : files) {
    stopped = !read_items(file, content, session.input(), take);
    if (stopped) break;
  }
  importer.finish();
  session.progress().clear();
  if (const auto warning = importer.summary().warning()) session.logger().warning(*warning);
  if (stopped) {
    const bool too_bad = importer.summary().refused.size() >= kRefusedMax;
    throw Declined{infra::service::Problem{
        too_bad ? infra::service::ProblemCode::invalid : infra::service::ProblemCode::timeout,
        (too_bad
             ? "stopped because " + std::to_string(kRefusedMax) + " documents were refused, after "
             : std::string{"stopped by a signal after "}) +
            counted(count, "document", "documents") +
            "; the same import goes on, what is in the log counts as a duplicate",
        {{"summary", importer.summary().to_raw()}}}};
  }
  const bool refused = !importer.summary().refused.empty();
  return Answer{.data = importer.summary().to_raw(),
                .for_people = present_summary,
                .exit_status = refused ? kExitRefused : kExitDone};
}

void add(Tree& tree, CLI::App& noun, const Entry& entry, Content content) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = add_verb(tree, noun, entry, [options, content](Session& session) {
    return import(session, *options, content);
  });
  verb.add_option("PATH", options->paths, "files, folders (*.json, *.jsonl), - for stdin")
      ->required();
  verb.add_option("--actor", options->actor, "who, as the history will say (default import)")
      ->type_name("NAME");
}

}  // namespace

void add_import(Tree& tree) {
  CLI::App& noun = add_noun(tree,
                            {"import",
                             "take over registrations and communications from files",
                             "kartei import registrations inbox/"});
  add(tree,
      noun,
      {"registrations",
       "one patient for each registration; importing again is harmless",
       "kartei import registrations inbox/ late.json"},
      Content::registrations);
  add(tree,
      noun,
      {"communications",
       "contacts from communication events, one JSON envelope a line",
       "kartei import communications events.jsonl"},
      Content::communications);
}

}  // namespace kartei
