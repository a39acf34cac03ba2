#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "infra/service/command_queue.h"
#include "infra/service/wakeup.h"

namespace bench {

// The queue of the service and a thread that serves it, as a host's does. What `handle` needs must
// outlive it.
class Serving {
 public:
  Serving(infra::service::CommandQueue::Handle handle, std::size_t in_flight)
      : queue{2 * in_flight, in_flight, [this] { wakeup_.wake(); }},
        thread_{[this, handle = std::move(handle)] {
          while (!stopping_) {
            if (!queue.serve(handle)) wakeup_.sleep(std::chrono::milliseconds{100});
          }
        }} {}
  ~Serving() {
    stopping_ = true;
    wakeup_.wake();
    thread_.join();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

 private:
  infra::service::Wakeup wakeup_;

 public:
  infra::service::CommandQueue queue;

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: everything it uses exists before it runs
};

}  // namespace bench
