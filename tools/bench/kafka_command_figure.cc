#include <random>

#include "tools/bench/bare_producer.h"
#include "tools/bench/groups.h"
#include "tools/bench/in_flight.h"
#include "tools/bench/on_kafka.h"
#include "tools/bench/serving.h"

namespace bench {
namespace {

using infra::log_kafka::Settings;

constexpr std::int64_t kPatients = 1000;
constexpr std::size_t kInFlight = 5000;
constexpr std::size_t kCommands = 100'000;

std::vector<handling::Submission> invent(OnKafka& writing, std::int64_t& serial) {
  static Invented invented{5};
  std::vector<handling::Submission> submissions;
  for (std::size_t i = 0; i < kCommands; ++i) {
    const auto patient = static_cast<std::int64_t>(1 + invented.below(kPatients));
    submissions.push_back(invented.happening(patient, ++serial, writing.clock.now()));
  }
  return submissions;
}

Latencies through_kafka(OnKafka& writing, std::vector<handling::Submission> submissions) {
  Serving serving{[&](auto batch) { return writing.writer().handle(batch); }, kInFlight};
  return keep_in_flight(submissions.size(), kInFlight, [&](std::size_t at) {
    auto answer = serving.queue.submit({std::move(submissions[at])});
    if (!answer) throw std::runtime_error("the queue is full");
    return std::move(*answer);
  });
}

// What the log has at or behind `starts`, for the topic of the same name of another log: of each
// topic by itself, over all partitions alike.
std::vector<BareRecord> records_since(const ports::Log& log,
                                      ports::Topic topic,
                                      const std::vector<ports::Offset>& ends,
                                      const Settings& to) {
  std::vector<ports::Start> starts;
  for (const ports::Offset end : ends)
    starts.push_back({ports::Partition{static_cast<std::int32_t>(starts.size())}, end});
  std::vector<BareRecord> records;
  const auto reader = log.open_reader(topic, starts);
  const std::string name_there = to.topic_prefix + '.' + std::string{name(topic)};
  const ports::Sink sink = [&](const ports::Record& record) {
    if (!record.value || ports::is_reserved(record.key)) return;
    records.push_back(
        {name_there, record.partition.get(), std::string{record.key}, std::string{*record.value}});
  };
  while (reader->poll(10'000, sink) > 0) {
  }
  std::mt19937_64 random{6};
  std::shuffle(records.begin(), records.end(), random);  // They came partition by partition.
  return records;
}

// The same records in as large transactions: both topics' halves beside each other.
double bare_seconds(BareProducer& producer,
                    const std::vector<BareRecord>& events,
                    const std::vector<BareRecord>& histories) {
  const Stopwatch watch;
  for (std::size_t at = 0; at < events.size(); at += kInFlight) {
    const std::size_t end = std::min(at + kInFlight, events.size());
    std::vector<BareRecord> together(events.begin() + static_cast<std::ptrdiff_t>(at),
                                     events.begin() + static_cast<std::ptrdiff_t>(end));
    together.insert(
        together.end(),
        histories.begin() + static_cast<std::ptrdiff_t>(std::min(at, histories.size())),
        histories.begin() + static_cast<std::ptrdiff_t>(std::min(end, histories.size())));
    producer.append(together);
  }
  return watch.wall();
}

}  // namespace

void measure_kafka_commands(const Bench& bench) {
  const Settings settings = new_log(bench.options.kafka);
  const Settings bare_settings = new_log(bench.options.kafka);
  OnKafka writing{bench.folder / "kafka-commands", settings};
  Invented invented{3};
  std::vector<handling::Submission> creations;
  for (std::int64_t number = 1; number <= kPatients; ++number)
    creations.push_back(invented.creation(number));
  for (const auto& answer : writing.writer().handle(creations)) expect_done(answer);

  BareProducer producer{bench.options.kafka, bare_settings.topic_prefix + ".bare"};
  std::int64_t serial = 0;
  std::vector<Latencies> runs;
  std::vector<double> bare_rates;
  std::size_t records = 0;
  for (int run = 0; run < bench.options.runs; ++run) {
    const auto events_end = writing.log().ends(ports::Topic::patient_events);
    const auto history_end = writing.log().ends(ports::Topic::patient_history);
    runs.push_back(through_kafka(writing, invent(writing, serial)));
    const auto events =
        records_since(writing.log(), ports::Topic::patient_events, events_end, bare_settings);
    const auto histories =
        records_since(writing.log(), ports::Topic::patient_history, history_end, bare_settings);
    records = events.size() + histories.size();
    bare_rates.push_back(static_cast<double>(kCommands) /
                         bare_seconds(producer, events, histories));
  }
  const Latencies& middle_run = middle(runs);
  const double bare_rate = median(bare_rates);
  bench.report({"commands through Kafka, 12 partitions, 5000 in flight",
                "≥ 0.8 × bare",
                per_second(middle_run.rate(), "commands") + ", " + p50_p99(middle_run),
                "a transactional producer, the same " + grouped(static_cast<double>(records)) +
                    " records: " + per_second(bare_rate, "commands"),
                times(middle_run.rate() / bare_rate),
                duration(middle_run.cpu / kCommands) + " each"});
}

}  // namespace bench
