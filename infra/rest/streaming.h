#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "infra/rest/admission.h"
#include "infra/rest/answers.h"
#include "infra/rest/call.h"
#include "infra/service/host.h"

namespace infra::rest {

// Long work whose progress a client watches as server-sent events, each on a thread of its own, as
// long as the client may: who loses his token has the answer to that as the last event, `problem`.
// Any thread may begin one; the host must outlive it.
class Streaming {
 public:
  static constexpr std::size_t kTogetherMax = 16;

  // How often is asked whether a client still may.
  static constexpr std::chrono::milliseconds kLookEach{1000};

  // Whether to go on: the client still listens and may, and nobody stops the service.
  using GoesOn = std::function<bool()>;
  using Work = std::function<void(http::EventStream& stream, const GoesOn& goes_on)>;

  // `admission` must outlive it.
  Streaming(const Admission& admission, Complain complain)
      : admission_(admission), complain_(std::move(complain)) {}
  // Tells those that work to stop, and waits for them.
  ~Streaming();

  // False: there is no room for one more. Then nothing was answered. An exception ends the stream
  // with an event `problem`.
  [[nodiscard]] bool begin(const Call& call, Work work);

 private:
  struct Running {
    std::thread thread;
    std::atomic<bool> done = false;
  };

  void watch_and_work(const Call& call, const Work& work) const;

  const Admission& admission_;
  const Complain complain_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // for the next one
  std::list<Running> running_;
};

}  // namespace infra::rest
