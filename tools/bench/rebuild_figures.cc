#include <gperftools/malloc_extension.h>
#include <unistd.h>

#include <fstream>

#include "domain/handling/partitioner.h"
#include "infra/read_models/sqlite_store.h"
#include "projections/all.h"
#include "projections/rebuild.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"

namespace bench {
namespace {

namespace fs = std::filesystem;
using infra::read_models::SqliteStore;
using projections::Projection;

// Memory of this process that is no file's, in bytes.
std::int64_t own_memory() {
  std::ifstream statm{"/proc/self/statm"};
  std::int64_t size = 0;
  std::int64_t resident = 0;
  std::int64_t shared = 0;
  statm >> size >> resident >> shared;
  return (resident - shared) * sysconf(_SC_PAGESIZE);
}

struct Run {
  std::int64_t records = 0;
  double wall = 0;
  double cpu = 0;
  std::int64_t memory = 0;
  [[nodiscard]] double rate() const { return static_cast<double>(records) / wall; }
};

std::vector<Projection> projections_of(OwnLog& own, bool of_state) {
  std::vector<Projection> chosen;
  for (Projection& projection : projections::all(own.codec())) {
    if (projection.of_state() == of_state) chosen.push_back(std::move(projection));
  }
  return chosen;
}

std::vector<std::unique_ptr<SqliteStore>> new_stores(const fs::path& folder,
                                                     const std::vector<Projection>& projections,
                                                     OwnLog& own) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::vector<std::unique_ptr<SqliteStore>> stores;
  for (const Projection& projection : projections) {
    stores.push_back(SqliteStore::create(
        folder / (std::string{projection.name} + ".db"), projection, own.log().identity()));
  }
  return stores;
}

Run rebuild(const fs::path& folder, const std::vector<Projection>& projections, OwnLog& own) {
  const auto stores = new_stores(folder, projections, own);
  std::vector<projections::Building> buildings;
  for (std::size_t at = 0; at < stores.size(); ++at)
    buildings.push_back({projections[at], *stores[at]});
  Run run;
  // What is free would be taken again and not be seen.
  MallocExtension::instance()->ReleaseFreeMemory();
  const std::int64_t before = own_memory();
  const Stopwatch watch;
  const auto rebuilt = projections::rebuild(
      {own.log(), own.codec(), buildings, [&](const projections::RebuildProgress&) {
         run.memory = std::max(run.memory, own_memory() - before);
       }});
  run.wall = watch.wall();
  run.cpu = watch.cpu();
  run.records = rebuilt.records;
  return run;
}

// Reads a topic and does nothing with it.
Run bare_scan(ports::Topic topic, OwnLog& own) {
  Run run;
  const Stopwatch watch;
  const ports::Sink sink = [&](const ports::Record&) { ++run.records; };
  const auto reader = own.log().open_reader(topic, ports::from_the_beginning(own.log()));
  while (reader->poll(10'000, sink) > 0) {
  }
  run.wall = watch.wall();
  run.cpu = watch.cpu();
  return run;
}

// Feeds the first partitions event by event, as a live worker does, each projection by itself.
Run feed(const std::vector<Projection>& projections,
         const std::vector<std::unique_ptr<SqliteStore>>& stores,
         std::size_t partitions,
         OwnLog& own) {
  constexpr std::size_t kBatch = 1000;
  Run run;
  const ports::Offset end = own.log().ends(ports::Topic::patient_events)[partitions - 1];
  for (const auto& store : stores) {
    store->take_over();
    store->finish_loading();
  }
  const Stopwatch watch;
  for (std::size_t at = 0; at < stores.size(); ++at) {
    projections::Worker worker{{own.log(), own.codec(), projections[at], *stores[at]}};
    run.records = 0;
    while (worker.checkpoint().partitions[partitions - 1].next < end)
      run.records += worker.apply(kBatch).records;
  }
  run.wall = watch.wall();
  run.cpu = watch.cpu();
  return run;
}

// Whether both show the same rows of every patient in the first partitions.
void expect_same_rows(const Projection& projection,
                      const SqliteStore& fed,
                      const SqliteStore& folded,
                      std::size_t partitions) {
  const auto counts = [&](const std::vector<projections::Cell>& row) {
    const auto partition =
        handling::partition_of(std::get<std::string>(row.front()), ports::kPartitionsDefault);
    return static_cast<std::size_t>(partition.get()) < partitions;
  };
  for (std::size_t table = 0; table < projection.tables.size(); ++table) {
    const auto slow = fed.rows(table);
    const auto fast = folded.rows(table);
    std::vector<projections::Cell> slow_row;
    std::vector<projections::Cell> fast_row;
    const auto next = [&](projections::RowCursor& cursor, std::vector<projections::Cell>& row) {
      while (cursor.next(row)) {
        if (counts(row)) return true;
      }
      return false;
    };
    while (true) {
      const bool more = next(*slow, slow_row);
      if (more != next(*fast, fast_row) || (more && slow_row != fast_row)) {
        throw std::runtime_error("the fold shows other rows than event by event in " +
                                 std::string{projection.tables[table].name});
      }
      if (!more) break;
    }
  }
}

const Run& middle(std::vector<Run>& runs) {
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.wall < b.wall; });
  return runs[runs.size() / 2];
}

std::string names_of(const std::vector<Projection>& projections) {
  std::string names;
  for (const Projection& projection : projections) {
    if (!names.empty()) names += ", ";
    names += projection.name;
  }
  return names;
}

}  // namespace

void measure_state_rebuild(const Bench& bench, OwnLog& own) {
  const std::vector<Projection> projections = projections_of(own, true);
  const Run bare = bare_scan(ports::Topic::patient_events, own);
  std::vector<Run> runs;
  for (int run = 0; run < bench.options.runs; ++run)
    runs.push_back(rebuild(bench.folder / "read", projections, own));

  // Enough of the log that the feeding takes seconds, not minutes; fewer rows only help it.
  constexpr std::size_t kFedPartitions = 2;
  const auto fed = new_stores(bench.folder / "fed", projections, own);
  const Run slow = feed(projections, fed, kFedPartitions, own);
  for (std::size_t at = 0; at < projections.size(); ++at) {
    const auto folded = SqliteStore::open(
        bench.folder / "read" / (std::string{projections[at].name} + ".db"), projections[at]);
    expect_same_rows(projections[at], *fed[at], *folded, kFedPartitions);
  }

  const Run& fold = middle(runs);
  const std::string what = grouped(static_cast<double>(fold.records)) + " events, " +
                           grouped(static_cast<double>(bench.options.patients)) + " patients";
  bench.report({"rebuild of the state projections (" + names_of(projections) + "), " + what,
                "≥ 600 000 events/s",
                per_second(fold.rate(), "events") + " (" + duration(fold.wall) + ')',
                "reading the topic: " + per_second(bare.rate(), "events"),
                times(fold.rate() / bare.rate()),
                duration(fold.cpu)});
  bench.report({"the same against event by event in batches of 1000",
                "≥ 20 ×",
                per_second(fold.rate(), "events"),
                "event by event, " + grouped(static_cast<double>(slow.records)) +
                    " events: " + per_second(slow.rate(), "events"),
                times(fold.rate() / slow.rate()),
                duration(slow.cpu) + " event by event"});
  const double budget = 64.0 * 1024 * 1024 + 600.0 * static_cast<double>(bench.options.patients);
  bench.report({"memory of that rebuild",
                "≤ 64 MB + 600 B per patient",
                grouped(static_cast<double>(fold.memory) / 1e6) + " MB",
                "–",
                times(static_cast<double>(fold.memory) / budget) + " the budget",
                "–"});
}

void measure_history_rebuild(const Bench& bench, OwnLog& own) {
  const std::vector<Projection> projections = projections_of(own, false);
  const Run bare = bare_scan(ports::Topic::patient_history, own);
  std::vector<Run> runs;
  for (int run = 0; run < std::min(bench.options.runs, 2); ++run)
    runs.push_back(rebuild(bench.folder / "history", projections, own));
  const Run& load = middle(runs);
  bench.report({"rebuild of the history projections (" + names_of(projections) + ")",
                "≥ 150 000 events/s",
                per_second(load.rate(), "events") + " (" + duration(load.wall) + ')',
                "reading the topic: " + per_second(bare.rate(), "events"),
                times(load.rate() / bare.rate()),
                duration(load.cpu)});
  fs::remove_all(bench.folder / "history");
}

}  // namespace bench
