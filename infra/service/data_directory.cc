#include "infra/service/data_directory.h"

#include "domain/core/broken.h"

namespace infra::service {
namespace {

namespace fs = std::filesystem;

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

DataDirectory::DataDirectory(fs::path path) : path_(std::move(path)) {
  make_directory(path_);
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
  for (const char* cache : {"read", "states.db", "log.head"}) {
    if (fs::exists(path_ / cache)) return true;
  }
  return false;
}

}  // namespace infra::service
