#pragma once

#include <cstdint>

namespace testing_logs {

enum class DiskFault {
  none,
  write_fails,  // an I/O error, nothing written
  write_tears,  // an I/O error after half of the bytes
  disk_full,    // half of the bytes, then no space
  sync_fails,   // the bytes are with the system, nobody knows for how long
  open_fails,   // no file can be opened
};

// SQLite's disk, with a fault at a chosen operation. It stands between SQLite and the system for
// every connection that is opened from the first plan on.
class FailingDisk {
 public:
  // The `nth` operation that this fault can hit fails, counted from 1; so does every one behind it
  // when it is `lasting`.
  static void plan(DiskFault fault, std::int64_t nth, bool lasting);
  static void heal() { plan(DiskFault::none, 0, false); }
  // Whether the fault that was planned last has happened.
  [[nodiscard]] static bool struck();
};

}  // namespace testing_logs
