#include <optional>
#include <unordered_map>

#include "infra/codec/event_codec.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/read_models/sqlite_store.h"
#include "projections/all.h"
#include "projections/decoding.h"
#include "projections/rebuild.h"
#include "projections/target.h"
#include "tools/bench/bare_consumer.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"
#include "tools/bench/on_kafka.h"
#include "tools/bench/streams_peer.h"

namespace bench {
namespace {

namespace fs = std::filesystem;
using infra::read_models::SqliteStore;
using projections::Projection;
using Latest = std::unordered_map<std::string, std::string>;

// Reads the whole topic as a rebuild does.
template <class Keep>
double scan(const ports::Log& log, const Keep& keep) {
  const Stopwatch watch;
  const auto reader = log.open_reader(ports::Topic::patient_events, ports::from_the_beginning(log));
  const ports::Sink sink = [&](const ports::Record& record) {
    if (record.value && !ports::is_reserved(record.key)) keep(record);
  };
  while (reader->poll(10'000, sink) > 0) {
  }
  return watch.wall();
}

double decode_all(ports::EventCodec& codec, const Latest& latest) {
  const Stopwatch watch;
  for (const auto& [key, value] : latest) {
    if (!projections::decode_state(codec, *patient::PatientId::parse(key), value))
      throw std::runtime_error("a state of ours cannot be decoded");
  }
  return watch.wall();
}

// New stores in a folder of their own.
class Stores {
 public:
  Stores(const fs::path& folder,
         const ports::LogIdentity& log,
         const std::vector<Projection>& projections) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const Projection& projection : projections) {
      stores_.push_back(
          SqliteStore::create(folder / (std::string{projection.name} + ".db"), projection, log));
      buildings.push_back({projection, *stores_.back()});
    }
  }

  std::vector<projections::Building> buildings;

 private:
  std::vector<std::unique_ptr<SqliteStore>> stores_;
};

// Rows of every patient into the tables, by one thread and as many together as the fold writes.
double fill_tables(Stores& stores, ports::EventCodec& codec, const Latest& latest) {
  constexpr std::size_t kTogether = 16;
  std::vector<std::pair<patient::PatientId, patient::State>> states;
  for (const auto& [key, value] : latest) {
    const auto id = *patient::PatientId::parse(key);
    states.emplace_back(id, projections::decode_state(codec, id, value).value());
  }
  std::sort(states.begin(), states.end(), [](const auto& a, const auto& b) {
    return a.first.number() < b.first.number();
  });
  double seconds = 0;
  for (const projections::Building& building : stores.buildings) {
    const Stopwatch watch;
    projections::Target target{building.projection, building.store};
    projections::Change change;
    for (const auto& [id, state] : states) {
      change.steps.emplace_back(projections::replacement(building.projection, id, state));
      if (change.steps.size() < kTogether) continue;
      target.commit(change);
      change.steps.clear();
    }
    target.commit(change);
    seconds += watch.wall();
  }
  return seconds;
}

struct Run {
  std::int64_t records = 0;
  double load = 0;
  double indexes = 0;
  double wall = 0;
  double cpu = 0;
};

Run rebuild(const ports::Log& log, ports::EventCodec& codec, Stores stores) {
  Run run;
  std::optional<Stopwatch> indexing;
  const Stopwatch watch;
  const auto rebuilt = projections::rebuild(
      {log, codec, stores.buildings, [&](const projections::RebuildProgress& progress) {
         if (progress.phase == projections::Phase::index) {
           run.load = watch.wall();
           indexing.emplace();
         }
         if (progress.phase == projections::Phase::catch_up && indexing) {
           run.indexes = indexing->wall();
           indexing.reset();
         }
       }});
  run.wall = watch.wall();
  run.cpu = watch.cpu();
  run.records = rebuilt.records;
  return run;
}

struct Bare {
  std::int64_t records = 0;
  double seconds = 0;
};

Bare consume(const infra::log_kafka::Settings& settings, const std::string& topic) {
  const Stopwatch watch;
  const std::int64_t records = consume_all(settings.brokers, topic, ports::kPartitionsDefault);
  return {records, watch.wall()};
}

// The run in the middle by `seconds`.
template <class Of, class Seconds>
const Of& middle_by(std::vector<Of>& runs, const Seconds& seconds) {
  std::sort(
      runs.begin(), runs.end(), [&](const Of& a, const Of& b) { return seconds(a) < seconds(b); });
  return runs[runs.size() / 2];
}

double rate(std::int64_t records, double seconds) { return static_cast<double>(records) / seconds; }

void compare_with_streams(const Bench& bench, const Run& run, const Restored& restored) {
  const double ours = rate(run.records, run.wall);
  const double theirs = rate(restored.events, restored.seconds);
  bench.report({"the same beside Kafka Streams 3.9, which restores the topic as blobs into RocksDB",
                "> 1 ×",
                per_second(ours, "events") + " (" + duration(run.wall) + ')',
                "GlobalKTable, fetch.max.wait.ms=10, max.poll.records=10000: " +
                    per_second(theirs, "events") + " (" + duration(restored.seconds) + ", CPU " +
                    duration(restored.cpu_seconds) + ')',
                times(ours / theirs),
                duration(run.cpu)});
}

}  // namespace

void measure_kafka_rebuild(const Bench& bench) {
  const auto settings = new_log(bench.options.kafka);
  const std::string topic = settings.topic_prefix + ".patient-events";
  {
    const auto patients = static_cast<std::size_t>(bench.options.patients);
    OnKafka own{bench.folder / "kafka-rebuild", settings, {patients, patients}};
    fill(own.writer(), own.clock, bench.options.events, bench.options.patients);
  }
  // As in a process that knows nothing of what was written.
  const auto log = infra::log_kafka::KafkaLog::open(settings);
  infra::codec::ProtobufEventCodec codec;
  std::vector<Projection> projections;
  for (Projection& projection : projections::all(codec)) {
    if (projection.of_state()) projections.push_back(std::move(projection));
  }
  const fs::path folder = bench.folder / "kafka-read";
  const auto new_stores = [&] { return Stores{folder, log->identity(), projections}; };

  std::vector<Bare> bare_runs;
  std::vector<Run> runs;
  std::vector<Restored> peer_runs;
  for (int count = 0; count < bench.options.runs; ++count) {
    bare_runs.push_back(consume(settings, topic));
    runs.push_back(rebuild(*log, codec, new_stores()));
    if (bench.options.streams_peer.empty()) continue;
    peer_runs.push_back(restore_with_streams(
        bench.options.streams_peer, settings.brokers, topic, bench.folder / "streams"));
    if (peer_runs.back().events != bare_runs.back().records)
      throw std::runtime_error("Kafka Streams did not restore the whole topic");
  }
  const Bare& bare = middle_by(bare_runs, [](const Bare& one) { return one.seconds; });
  const Run& run = middle_by(runs, [](const Run& one) { return one.wall; });

  const double consuming = scan(*log, [](const ports::Record&) {});
  Latest latest;
  const double folding = scan(*log, [&](const ports::Record& record) {
    latest[std::string{record.key}].assign(*record.value);
  });
  const double decoding = decode_all(codec, latest);
  Stores stores = new_stores();
  const double tables = fill_tables(stores, codec, latest);

  const double ours = rate(run.records, run.wall);
  const double bare_rate = rate(bare.records, bare.seconds);
  bench.report({"rebuild of the state projections from Kafka, " +
                    grouped(static_cast<double>(run.records)) + " events, " +
                    grouped(static_cast<double>(latest.size())) + " patients",
                "≥ 1 000 000 events/s",
                per_second(ours, "events") + " (" + duration(run.wall) + ')',
                "a consumer of the topic: " + per_second(bare_rate, "events") + " (" +
                    duration(bare.seconds) + ')',
                times(ours / bare_rate),
                duration(run.cpu)});
  if (!peer_runs.empty()) {
    const Restored& restored =
        middle_by(peer_runs, [](const Restored& one) { return one.seconds; });
    if (restored.rows < static_cast<std::int64_t>(latest.size()))
      throw std::runtime_error("Kafka Streams lacks patients");
    compare_with_streams(bench, run, restored);
  }
  bench.report({"where its time goes",
                "–",
                "until all is in the tables " + duration(run.load) + ", then indexes " +
                    duration(run.indexes),
                "each by itself, one after another: consuming " + duration(consuming) +
                    ", folding " + duration(std::max(0.0, folding - consuming)) +
                    " more, decoding " + duration(decoding) + ", tables " + duration(tables),
                "–",
                "–"});
}

}  // namespace bench
