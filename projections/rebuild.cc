#include "projections/rebuild.h"

#include <future>

#include "projections/fold.h"

namespace projections {
namespace {

std::vector<Target> loading_targets(std::span<const Building> buildings, bool of_state) {
  std::vector<Target> targets;
  for (const Building& building : buildings) {
    if (building.projection.of_state() == of_state && building.store.loading())
      targets.emplace_back(building.projection, building.store);
  }
  return targets;
}

// Each store in a thread of its own: sorting is what a rebuild spends most of its time on, and the
// stores share nothing. The first failure is thrown, after all have ended.
void build_indexes(const std::vector<Target>& targets) {
  std::vector<std::future<void>> building;
  for (const Target& target : targets) {
    building.push_back(
        std::async(std::launch::async, [&store = target.store()] { store.finish_loading(); }));
  }
  for (std::future<void>& one : building) one.wait();
  for (std::future<void>& one : building) one.get();
}

}  // namespace

Rebuilt rebuild(const RebuildParts& parts) {
  Rebuilt rebuilt;
  for (const bool of_state : {true, false}) {
    std::vector<Target> targets = loading_targets(parts.buildings, of_state);
    if (targets.empty()) continue;
    for (const Target& target : targets)
      expect_same_log(parts.log, target.topic(), target.checkpoint());
    if (of_state) {
      fold_states(parts, targets, rebuilt);
    } else {
      load_histories(parts, targets, rebuilt);
    }
    parts.progress({Phase::index, 0, 0, rebuilt.records});
    build_indexes(targets);
  }
  for (const Building& building : parts.buildings) {
    Worker worker{{parts.log, parts.codec, building.projection, building.store},
                  parts.code_version};
    const Applied applied = worker.catch_up();
    rebuilt.records += applied.records;
    parts.progress({Phase::catch_up, 0, 0, rebuilt.records});
  }
  return rebuilt;
}

}  // namespace projections
