#pragma once

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "domain/handling/writer.h"
#include "infra/service/command_queue.h"
#include "infra/service/wakeup.h"
#include "tools/bench/in_flight.h"

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

// Submits all of them with so many in flight: group commit, as whoever is no service has it.
[[nodiscard]] inline Latencies many_in_flight(handling::Writer& writer,
                                              std::vector<handling::Submission> submissions,
                                              std::size_t in_flight) {
  Serving serving{[&](auto batch) { return writer.handle(batch); }, in_flight};
  return keep_in_flight(submissions.size(), in_flight, [&](std::size_t at) {
    auto answer = serving.queue.submit({std::move(submissions[at])});
    if (!answer) throw std::runtime_error("the queue is full");
    return std::move(*answer);
  });
}

}  // namespace bench
