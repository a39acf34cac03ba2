#include "tests/logs/failing_disk.h"

#include <sqlite3.h>

#include <map>
#include <string>

namespace testing_logs {
namespace {

struct Plan {
  DiskFault fault = DiskFault::none;
  std::int64_t left = 0;
  bool lasting = false;
  bool struck = false;
};
Plan& plan_now() {
  static Plan plan;
  return plan;
}

bool strikes(DiskFault fault) {
  Plan& plan = plan_now();
  if (plan.fault != fault) return false;
  --plan.left;
  const bool hit = plan.lasting ? plan.left <= 0 : plan.left == 0;
  plan.struck = plan.struck || hit;
  return hit;
}

// SQLite's own methods for each kind of file, by our copy of them. A file keeps its place and its
// size: only the table of its methods is another.
struct Methods {
  sqlite3_io_methods ours;
  const sqlite3_io_methods* theirs;
};
std::map<const sqlite3_io_methods*, Methods>& methods() {
  static std::map<const sqlite3_io_methods*, Methods> all;
  return all;
}

const sqlite3_io_methods& theirs(const sqlite3_file* file) {
  for (const auto& [original, copy] : methods()) {
    if (&copy.ours == file->pMethods) return *original;
  }
  return *file->pMethods;
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (strikes(DiskFault::write_fails)) return SQLITE_IOERR_WRITE;
  const bool tears = strikes(DiskFault::write_tears);
  const bool full = strikes(DiskFault::disk_full);
  if (!tears && !full) return theirs(file).xWrite(file, data, size, at);
  const int code = theirs(file).xWrite(file, data, size / 2, at);
  if (code != SQLITE_OK) return code;
  return full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int sync(sqlite3_file* file, int flags) {
  const int code = theirs(file).xSync(file, flags);
  return strikes(DiskFault::sync_fails) ? SQLITE_IOERR_FSYNC : code;
}

sqlite3_vfs* system_disk = nullptr;

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* opened) {
  file->pMethods = nullptr;
  if (strikes(DiskFault::open_fails)) return SQLITE_CANTOPEN;
  const int code = system_disk->xOpen(system_disk, name, file, flags, opened);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  const auto [known, fresh] = methods().try_emplace(file->pMethods);
  if (fresh) {
    known->second = {*file->pMethods, file->pMethods};
    known->second.ours.xWrite = write;
    known->second.ours.xSync = sync;
  }
  file->pMethods = &known->second.ours;
  return code;
}

void stand_between() {
  static const bool done = [] {
    static sqlite3_vfs ours = *sqlite3_vfs_find("unix");
    system_disk = sqlite3_vfs_find("unix");
    ours.zName = "failing";
    ours.pNext = nullptr;
    ours.xOpen = open;
    return sqlite3_vfs_register(&ours, 1) == SQLITE_OK;
  }();
  static_cast<void>(done);
}

}  // namespace

void FailingDisk::plan(DiskFault fault, std::int64_t nth, bool lasting) {
  stand_between();
  plan_now() = {fault, nth, lasting, false};
}

bool FailingDisk::struck() { return plan_now().struck; }

}  // namespace testing_logs
