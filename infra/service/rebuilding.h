#pragma once

#include <memory>
#include <string>
#include <vector>

#include "domain/ports/codec.h"
#include "infra/read_models/catalog.h"
#include "infra/read_models/sqlite_store.h"
#include "infra/service/kartei.h"
#include "projections/rebuild.h"

namespace infra::service {

// Makes read models again from the log: shadow → load → catch up → check. What goes live, and when,
// is the caller's. Used by one thread; everything it is given must outlive it.
class Rebuilding {
 public:
  Rebuilding(const ports::Log& log,
             ports::EventCodec& codec,
             read_models::Catalog& catalog,
             const Surroundings& surroundings)
      : log_(log), codec_(codec), catalog_(catalog), surroundings_(surroundings) {}

  struct Result {
    const projections::Projection* projection;
    std::int64_t generation;
    std::int64_t events;  // records read, by all that were rebuilt together
    std::int64_t rows;
    double seconds;
    std::vector<std::string> faults;  // why it must not go live; empty: it may
  };

  // Builds the shadows of these, going on with one that an earlier run left, and checks them. One
  // scan of the log feeds all state projections, another all history projections. May bring live
  // generations to the head: whoever has one open must open it anew.
  [[nodiscard]] std::vector<Result> run(
      const std::vector<const projections::Projection*>& projections);

  // A throw-away generation beside the catalog, at the head that the log had when it began: nobody
  // who writes holds it up. The caller removes its file.
  [[nodiscard]] std::unique_ptr<read_models::SqliteStore> build_beside(
      const projections::Projection& projection, const std::filesystem::path& file);

 private:
  struct Shadow {
    const projections::Projection* projection;
    std::int64_t generation;
    std::unique_ptr<read_models::SqliteStore> store;
  };

  [[nodiscard]] Shadow begin_anew(const projections::Projection& projection);
  [[nodiscard]] Shadow shadow_of(const projections::Projection& projection);
  void run_together(std::vector<Shadow> shadows, std::vector<Result>& results);
  [[nodiscard]] std::vector<std::string> faults_of(const Shadow& shadow);
  [[nodiscard]] projections::OnProgress progress_for(std::string what) const;

  const ports::Log& log_;
  ports::EventCodec& codec_;
  read_models::Catalog& catalog_;
  const Surroundings& surroundings_;
};

}  // namespace infra::service
