#include <optional>
#include <unordered_map>

#include "infra/read_models/sqlite_store.h"
#include "projections/all.h"
#include "projections/decoding.h"
#include "projections/rebuild.h"
#include "tools/bench/bare_consumer.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"
#include "tools/bench/on_kafka.h"

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

struct Run {
  std::int64_t records = 0;
  double load = 0;
  double indexes = 0;
  double wall = 0;
  double cpu = 0;
};

Run rebuild(const fs::path& folder, OnKafka& own, const std::vector<Projection>& projections) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::vector<std::unique_ptr<SqliteStore>> stores;
  std::vector<projections::Building> buildings;
  for (const Projection& projection : projections) {
    stores.push_back(SqliteStore::create(
        folder / (std::string{projection.name} + ".db"), projection, own.log().identity()));
    buildings.push_back({projection, *stores.back()});
  }
  Run run;
  std::optional<Stopwatch> indexing;
  const Stopwatch watch;
  const auto rebuilt = projections::rebuild(
      {own.log(), own.codec(), buildings, [&](const projections::RebuildProgress& progress) {
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

}  // namespace

void measure_kafka_rebuild(const Bench& bench) {
  const auto settings = new_log(bench.options.kafka);
  const auto patients = static_cast<std::size_t>(bench.options.patients);
  OnKafka own{bench.folder / "kafka-rebuild", settings, {patients, patients}};
  fill(own.writer(), own.clock, bench.options.events, bench.options.patients);
  own.close_writer();
  std::vector<Projection> projections;
  for (Projection& projection : projections::all(own.codec())) {
    if (projection.of_state()) projections.push_back(std::move(projection));
  }

  const Stopwatch bare_watch;
  const std::int64_t bare_count = consume_all(
      settings.brokers, settings.topic_prefix + ".patient-events", ports::kPartitionsDefault);
  const double bare_rate = static_cast<double>(bare_count) / bare_watch.wall();
  const double consuming = scan(own.log(), [](const ports::Record&) {});
  Latest latest;
  const double folding = scan(own.log(), [&](const ports::Record& record) {
    latest[std::string{record.key}].assign(*record.value);
  });
  const double decoding = decode_all(own.codec(), latest);
  std::vector<Run> runs;
  for (int run = 0; run < bench.options.runs; ++run)
    runs.push_back(rebuild(bench.folder / "kafka-read", own, projections));
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.wall < b.wall; });
  const Run& run = runs[runs.size() / 2];

  const double rate = static_cast<double>(run.records) / run.wall;
  bench.report({"rebuild of the state projections from Kafka, " +
                    grouped(static_cast<double>(run.records)) + " events, " +
                    grouped(static_cast<double>(latest.size())) + " patients",
                "≥ 1 000 000 events/s",
                per_second(rate, "events") + " (" + duration(run.wall) + ')',
                "a consumer of the topic: " + per_second(bare_rate, "events"),
                times(rate / bare_rate),
                duration(run.cpu)});
  bench.report({"where its time goes",
                "–",
                "until all is in the tables " + duration(run.load) + ", then indexes " +
                    duration(run.indexes),
                "each by itself: consuming " + duration(consuming) + ", folding " +
                    duration(std::max(0.0, folding - consuming)) + " more, decoding " +
                    duration(decoding),
                "–",
                "–"});
}

}  // namespace bench
