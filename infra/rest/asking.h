#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "infra/rest/answers.h"
#include "infra/rest/call.h"
#include "infra/rest/kept_answers.h"
#include "infra/service/host.h"

namespace infra::rest {

// Answers questions: short ones at once, on the I/O thread; others on threads of its own, each with
// a guest of the host. Whoever wants to read his own writes waits without holding a thread up.
// Bounded everywhere: what is too much is answered 503. The host must outlive it.
class Asking {
 public:
  // May be called several times for one call, until the read model has come far enough: it passes
  // the wait that it is given on to Kartei, which then does not wait itself.
  using Question =
      std::function<service::Outcome<http::Response>(service::Kartei&, const service::Wait&)>;

  Asking(service::Host& host, Complain complain);
  // Whoever waits is answered 503.
  ~Asking();
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  // Makes an answer that was kept that of one call.
  using Finish = std::function<http::Response(const Call&, http::Response)>;
  // On the I/O thread alone, of which there is one: about the patient `id`, where one look at an
  // index answers, or what was answered to somebody else before.
  void ask_at_once(const std::shared_ptr<Call>& call,
                   const patient::PatientId& id,
                   const Question& question,
                   const Finish& finish);
  // From any thread.
  void ask(std::shared_ptr<Call> call, Question question);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Asked {
    std::shared_ptr<Call> call;
    Question question;
    std::optional<std::string> token;
    Time deadline;
    std::uint64_t news = 0;  // of the read models, before it was asked last
  };
  [[nodiscard]] static Asked asked(std::shared_ptr<Call> call, Question question);
  void attempt(service::Kartei* guest, Asked asked);
  void enqueue(Asked asked);
  void wait_for_position(Asked asked);
  void work();
  void watch();

  service::Host& host_;
  const Complain complain_;
  std::unique_ptr<service::Kartei> at_once_;  // the I/O thread's
  KeptAnswers kept_;                          // as well

  std::mutex mutex_;  // for the next ones
  std::condition_variable work_came_;
  std::condition_variable wait_came_;
  std::deque<Asked> queue_;
  std::vector<Asked> waiting_;  // until a read model has moved
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: everything they use exists before they run
};

}  // namespace infra::rest
