#include "infra/service/data_directory.h"

#include "domain/core/broken.h"

namespace infra::service {
namespace {

namespace fs = std::filesystem;
using log_embedded::EmbeddedLog;

void make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path)) {
    throw core::Broken(core::Breakage::io,
                       path.string() + ": cannot be made a data directory: " +
                           (error ? error.message() : "it is no folder"));
  }
}

}  // namespace

DataDirectory::DataDirectory(fs::path path, ports::Clock& clock, ports::Ids& ids)
    : DataDirectory(std::move(path), clock, ids, ports::kPartitionsDefault) {}

DataDirectory::DataDirectory(fs::path path,
                             ports::Clock& clock,
                             ports::Ids& ids,
                             std::int32_t partitions)
    : path_(std::move(path)) {
  make_directory(path_);
  take_lock();
  if (!held()) {
    log_ = EmbeddedLog::open(path_, clock, log_embedded::Access::read_only);
    return;
  }
  if (EmbeddedLog::exists(path_)) {
    log_ = EmbeddedLog::open(path_, clock, log_embedded::Access::read_write);
    return;
  }
  if (has_caches()) {
    throw core::Broken(core::Breakage::log_mismatch,
                       path_.string() +
                           ": there are read models but no log.db, and a new log over them would "
                           "hide what is lost; put log.db back, or name another data directory");
  }
  log_ = EmbeddedLog::create(path_, partitions, ports::Incarnation{ids.random()}, clock);
}

void DataDirectory::take_lock() {
  try {
    lock_.emplace(path_);
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::locked) throw;
    holder_ = broken.what();
  }
}

void DataDirectory::demand_held() const {
  if (!held()) throw core::Broken(core::Breakage::locked, holder_);
}

bool DataDirectory::has_caches() const {
  for (const char* cache : {"read", "catalog.db", "states.db", "log.head"}) {
    if (fs::exists(path_ / cache)) return true;
  }
  return false;
}

}  // namespace infra::service
