#include <filesystem>

#include "domain/core/broken.h"
#include "infra/read_models/files.h"
#include "infra/states/writer_states.h"
#include "projections/states/states.h"

namespace infra::states {
namespace {

namespace fs = std::filesystem;
using read_models::SqliteStore;

// Nothing, and why, when the file must be rebuilt.
std::unique_ptr<SqliteStore> try_open(const fs::path& file,
                                      const projections::Projection& projection,
                                      std::string& why) {
  try {
    return SqliteStore::open(file, projection);
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::corrupt) throw;
    why = broken.what();
    return nullptr;
  }
}

// A load that was interrupted goes on where it was, unless it is of another log: then it is
// nobody's.
std::unique_ptr<SqliteStore> open_unfinished(const fs::path& file,
                                             const projections::Projection& projection,
                                             const ports::Log& log) {
  std::string why;
  auto store = fs::exists(file) ? try_open(file, projection, why) : nullptr;
  if (store && store->checkpoint().incarnation == log.identity().incarnation) return store;
  store.reset();
  return SqliteStore::create(file, projection, log.identity());
}

}  // namespace

Loaded load_or_rebuild(const fs::path& folder,
                       const ports::Log& log,
                       ports::EventCodec& codec,
                       const projections::OnProgress& progress) {
  const fs::path file = folder / "states.db";
  const projections::Projection projection = projections::states_projection(codec);
  std::string why;
  auto store = try_open(file, projection, why);
  if (store && store->loading()) {
    why = file.string() + ": the file is half loaded";
    store.reset();
  }
  if (store) {
    projections::expect_same_log(log, ports::Topic::patient_events, store->checkpoint());
    return {std::move(store), std::nullopt};
  }
  const fs::path unfinished = folder / "states.new.db";
  store = open_unfinished(unfinished, projection, log);
  const projections::Building building{projection, *store};
  projections::rebuild({log, codec, std::span{&building, 1}, progress});
  store.reset();  // Closing moves all into the one file.
  read_models::remove_database(file);
  std::error_code error;
  fs::rename(unfinished, file, error);
  if (error)
    throw core::Broken(core::Breakage::io, file.string() + ": cannot rename: " + error.message());
  store = SqliteStore::open(file, projection);
  // A log that nobody has written to has no states yet, and nobody has lost any.
  const bool lost = store->row_count() > 0;
  return {std::move(store), lost ? std::optional{why} : std::nullopt};
}

Opened open_or_rebuild(const fs::path& folder,
                       const ports::Log& log,
                       ports::EventCodec& codec,
                       const projections::OnProgress& progress) {
  Loaded loaded = load_or_rebuild(folder, log, codec, progress);
  return {std::make_unique<WriterStates>(std::move(loaded.store), codec),
          std::move(loaded.rebuilt_because)};
}

}  // namespace infra::states
