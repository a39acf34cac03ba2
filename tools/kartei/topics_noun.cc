#include <array>
#include <memory>
#include <vector>

#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `topics`: how the log is laid out.
namespace kartei {
namespace {

constexpr std::int32_t kReplicationMax = 15;

struct Options {
  std::int32_t partitions = ports::kPartitionsDefault;
  std::int32_t replication = 0;  // as many as the log's place has reason for
  std::vector<std::string> sets;
  std::string from;  // a data directory
};

Answer create(Session& session, const Options& options) {
  if (!session.on_kafka() && options.replication > 1) {
    decline_usage("the embedded log has one copy: --replication can only be 1");
  }
  if (!session.on_kafka() && !options.sets.empty()) {
    decline_usage("--set is for topics on Kafka; the embedded log has no such settings");
  }
  infra::log_kafka::TopicSettings topics;
  topics.replication = options.replication;
  for (const std::string& set : options.sets) {
    const std::size_t equals = set.find('=');
    if (equals == 0 || equals == std::string::npos) decline_usage("--set takes NAME=VALUE");
    topics.overrides.emplace_back(set.substr(0, equals), set.substr(equals + 1));
  }
  return {value_or_decline(session.kartei().create_topics(options.partitions, topics)), present};
}

std::string present_imported(const core::Raw& data) {
  constexpr std::array<std::string_view, 5> kColumns = {
      "patient_id", "table", "column", "live", "rebuilt"};
  std::string text = counted(number(member(data, "records")), "record", "records") + " copied, " +
                     cell(member(data, "already_there")) + " were there already\n";
  for (const core::Raw& one : elements(member(data, "compared"))) {
    const core::Raw& drift = member(one, "drift");
    const bool equal = elements(drift).empty();
    text += cell(member(one, "name")) + ": " + counted(number(member(one, "rows")), "row", "rows") +
            (equal ? ", the same in both logs\n" : ", and these differ:\n");
    if (!equal) text += table_of(drift, kColumns, "");
  }
  return text;
}

Answer import_log(Session& session, const Options& options) {
  if (!session.on_kafka()) {
    decline_usage("topics import copies into a log on Kafka: name its brokers with --kafka");
  }
  auto checked = session.kartei().import_log(session.input().folder / options.from);
  session.progress().clear();
  return answer_of(value_or_decline(std::move(checked)), present_imported);
}

void add_copying(Tree& tree, CLI::App& noun, const std::shared_ptr<Options>& options) {
  CLI::App& importing =
      add_verb(tree,
               noun,
               {"import",
                "copy an embedded log into this one on Kafka, and compare all that both answer",
                "kartei topics import --from kartei-data --kafka localhost:9092"},
               [options](Session& session) { return import_log(session, *options); });
  importing.add_option("--from", options->from, "the data directory whose log is copied (log.db)")
      ->type_name("DIR")
      ->required();
}

}  // namespace

void add_topics(Tree& tree) {
  CLI::App& noun = add_noun(tree, {"topics", "how the log is laid out", "kartei topics describe"});
  auto options = std::make_shared<Options>();
  CLI::App& creating = add_verb(tree,
                                noun,
                                {"create",
                                 "make a new log; the number of partitions stays for ever",
                                 "kartei topics create --partitions 24"},
                                [options](Session& session) { return create(session, *options); });
  creating.add_option("--partitions", options->partitions, "1 to 1024 (default 12)")
      ->type_name("N")
      ->check(CLI::Range(1, ports::kPartitionsMax));
  creating
      .add_option("--replication",
                  options->replication,
                  "copies of each record (Kafka; default 3, or a copy for each broker)")
      ->type_name("R")
      ->check(CLI::Range(1, kReplicationMax));
  creating.add_option("--set", options->sets, "a setting of the topics (Kafka)")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add_copying(tree, noun, options);
  static_cast<void>(
      add_verb(tree,
               noun,
               {"describe", "incarnation, partitions, offsets", "kartei topics describe"},
               [](Session& session) -> Answer {
                 return {session.kartei().describe_topics(), present};
               }));
  static_cast<void>(add_verb(tree,
                             noun,
                             {"compact",
                              "drop the records of patient-events that newer ones replace",
                              "kartei topics compact"},
                             [](Session& session) -> Answer {
                               return {session.kartei().compact_topics(), present};
                             }));
}

}  // namespace kartei
