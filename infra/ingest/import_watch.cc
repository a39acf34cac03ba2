#include "infra/ingest/import_watch.h"

namespace infra::ingest {

ImportWatch::ImportWatch(ImportMonitor& monitor, std::chrono::milliseconds interval)
    : monitor_(monitor), interval_(interval) {
  monitor_.set_running(true);
  thread_ = std::thread{[this] { live(); }};
}

ImportWatch::~ImportWatch() { stop(); }

void ImportWatch::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    stop_asked_.notify_one();
  }
  thread_.join();
  monitor_.set_running(false);
}

bool ImportWatch::stopping() {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

void ImportWatch::live() {
  while (!stopping()) {
    monitor_.round([this] { return stopping(); });
    std::unique_lock lock{mutex_};
    stop_asked_.wait_for(lock, interval_, [this] { return stopping_; });
  }
}

}  // namespace infra::ingest
