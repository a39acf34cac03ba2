#include "infra/service/rebuilding.h"

#include <algorithm>
#include <chrono>

#include "domain/core/broken.h"
#include "infra/service/log_until.h"

namespace infra::service {

using projections::Projection;
using read_models::SqliteStore;
using read_models::Standing;

Rebuilding::Shadow Rebuilding::begin_anew(const Projection& projection) {
  const read_models::Generation generation = catalog_.new_shadow(projection);
  return {&projection,
          generation.number,
          SqliteStore::create(generation.file, projection, log_.identity())};
}

Rebuilding::Shadow Rebuilding::shadow_of(const Projection& projection) {
  const auto left = catalog_.find(projection.name, Standing::shadow);
  if (left && left->version == projection.version) {
    try {
      auto store = SqliteStore::open(left->file, projection);
      surroundings_.notice("going on with generation " + std::to_string(left->number) + " of " +
                           std::string{projection.name} + ", which was begun before");
      return {&projection, left->number, std::move(store)};
    } catch (const core::Broken& broken) {
      if (broken.kind() != core::Breakage::corrupt) throw;  // Damaged or barely begun: begin anew.
    }
  }
  return begin_anew(projection);
}

std::vector<Rebuilding::Result> Rebuilding::run(const std::vector<const Projection*>& projections) {
  std::vector<Result> results;
  for (const bool of_state : {true, false}) {
    std::vector<Shadow> together;
    for (const Projection* projection : projections) {
      if (projection->of_state() == of_state) together.push_back(shadow_of(*projection));
    }
    if (!together.empty()) run_together(std::move(together), results);
  }
  return results;
}

void Rebuilding::run_together(std::vector<Shadow> shadows, std::vector<Result>& results) {
  std::vector<projections::Building> buildings;
  std::string what = "rebuild";
  for (const Shadow& shadow : shadows) {
    buildings.push_back({*shadow.projection, *shadow.store});
    what += ' ' + std::string{shadow.projection->name};
  }
  const auto begun = std::chrono::steady_clock::now();
  const projections::Rebuilt rebuilt =
      projections::rebuild({log_, codec_, buildings, progress_for(std::move(what))});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  for (const Shadow& shadow : shadows) {
    results.push_back({shadow.projection,
                       shadow.generation,
                       rebuilt.records,
                       shadow.store->row_count(),
                       took.count(),
                       faults_of(shadow)});
  }
}

// The check before a cut-over: a sound file, and nobody quarantined whom the live one still knows.
std::vector<std::string> Rebuilding::faults_of(const Shadow& shadow) {
  std::vector<std::string> faults = shadow.store->integrity();
  const auto quarantined = shadow.store->quarantined();
  const auto live = catalog_.find(shadow.projection->name, Standing::live);
  if (quarantined.empty() || !live || live->version != shadow.projection->version) return faults;
  try {
    const auto old = SqliteStore::open(live->file, *shadow.projection);
    static_cast<void>(projections::catch_up(log_, codec_, *shadow.projection, *old));
    for (const projections::Quarantined& entry : quarantined) {
      if (old->quarantined(entry.patient)) continue;
      faults.push_back("patient " + entry.patient.text() + " would be quarantined: " + entry.error);
    }
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::corrupt)
      throw;  // A live one that is damaged proves nothing.
  }
  return faults;
}

std::unique_ptr<SqliteStore> Rebuilding::build_beside(const Projection& projection,
                                                      const std::filesystem::path& file) {
  auto store = SqliteStore::create(file, projection, log_.identity());
  const std::vector<projections::Building> buildings{{projection, *store}};
  const LogUntil still = LogUntil::now(log_);
  static_cast<void>(projections::rebuild(
      {still, codec_, buildings, progress_for("verify " + std::string{projection.name})}));
  return store;
}

projections::OnProgress Rebuilding::progress_for(std::string what) const {
  return [this, what = std::move(what)](const projections::RebuildProgress& progress) {
    surroundings_.progress({what, progress.done, progress.total});
  };
}

}  // namespace infra::service
