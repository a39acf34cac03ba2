#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "infra/ingest/import_monitor.h"

namespace infra::ingest {

// A thread that looks for arriving files: at once, and then again and again. While it is there
// nobody else calls round().
class ImportWatch {
 public:
  // `monitor` must outlive it.
  ImportWatch(ImportMonitor& monitor, std::chrono::milliseconds interval);
  // Stops.
  ~ImportWatch();
  ImportWatch(const ImportWatch&) = delete;
  ImportWatch& operator=(const ImportWatch&) = delete;

  // Returns when the thread has ended: at once, or when the batch at hand is in the log. Whatever
  // answers the monitor's `handle` must still do so. One thread's business; again: nothing.
  void stop();

 private:
  void live();
  [[nodiscard]] bool stopping();

  ImportMonitor& monitor_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;  // for the next ones
  std::condition_variable stop_asked_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace infra::ingest
