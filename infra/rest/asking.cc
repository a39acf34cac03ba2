#include "infra/rest/asking.h"

#include <algorithm>

#include "domain/core/broken.h"

namespace infra::rest {
namespace {

using service::Kartei;
using service::ProblemCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kThreads = 2;
constexpr std::size_t kQueueMax = 1'000;
constexpr std::size_t kWaitingMax = 1'000;
constexpr std::chrono::seconds kWaitMax{5};
// So that a watcher that waits for news of the read models sees in time that it is to stop.
constexpr milliseconds kLook{100};

http::Response busy() { return refusal(503, "busy", "too many questions are waiting; try again"); }

std::unique_ptr<Kartei> guest_of(service::Host& host) {
  try {
    return host.guest();
  } catch (const core::Broken&) {  // The log is not open yet: whoever asks hears so.
    return nullptr;
  }
}

}  // namespace

Asking::Asking(service::Host& host, Complain complain)
    : host_(host), complain_(std::move(complain)) {
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads_.emplace_back([this] { work(); });
  }
  threads_.emplace_back([this] { watch(); });
}

Asking::~Asking() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  work_came_.notify_all();
  wait_came_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  const http::Response stops = refusal(503, "locked", "this process stops; ask again");
  for (Asked& one : queue_) one.call->answer(stops);
  for (Asked& one : waiting_) one.call->answer(stops);
}

Asking::Asked Asking::asked(std::shared_ptr<Call> call, Question question) {
  const auto token = call->request.header("kartei-wait-for");
  Asked one{std::move(call), std::move(question), std::nullopt, {}};
  if (token) {
    one.token = std::string{*token};
    one.deadline = steady_clock::now() + kWaitMax;
  }
  return one;
}

void Asking::ask_at_once(const std::shared_ptr<Call>& call,
                         const patient::PatientId& id,
                         const Question& question,
                         const Finish& finish) {
  const bool waits = call->request.header("kartei-wait-for").has_value();
  const std::uint64_t news = host_.board().news();
  if (const http::Response* known = waits ? nullptr : kept_.find(id, news)) {
    return call->answer(finish(*call, *known));
  }
  if (!at_once_) at_once_ = guest_of(host_);
  const auto kept = [this, call, id, question, finish, waits, news](
                        Kartei& kartei,
                        const service::Wait& wait) -> service::Outcome<http::Response> {
    auto answer = question(kartei, wait);
    if (!answer) return answer;
    if (!waits) kept_.keep(id, news, answer.value());  // Else it may be another thread.
    return finish(*call, std::move(answer).value());
  };
  attempt(at_once_.get(), asked(call, kept));
}

void Asking::ask(std::shared_ptr<Call> call, Question question) {
  enqueue(asked(std::move(call), std::move(question)));
}

void Asking::attempt(Kartei* guest, Asked one) {
  if (guest == nullptr) {
    return one.call->answer(
        answer_of({ProblemCode::broker_unavailable, "the log is not open yet; try again"}));
  }
  one.news = host_.board().news();
  try {
    const auto outcome = one.question(*guest, {one.token, milliseconds{0}});
    if (outcome) return one.call->answer(outcome.value());
    const bool not_yet = outcome.error().code == ProblemCode::timeout ||
                         outcome.error().code == ProblemCode::rebuilding;
    if (one.token && not_yet && steady_clock::now() < one.deadline)
      return wait_for_position(std::move(one));
    one.call->answer(answer_of(as_asked(outcome.error())));
  } catch (const std::exception&) {
    one.call->answer(answer_of(std::current_exception(), complain_));
  }
}

void Asking::enqueue(Asked one) {
  {
    const std::lock_guard lock{mutex_};
    if (queue_.size() < kQueueMax) {
      queue_.push_back(std::move(one));
      work_came_.notify_one();
      return;
    }
  }
  one.call->answer(busy());
}

void Asking::wait_for_position(Asked one) {
  {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() < kWaitingMax) {
      waiting_.push_back(std::move(one));
      wait_came_.notify_one();
      return;
    }
  }
  one.call->answer(busy());
}

void Asking::work() {
  std::unique_ptr<Kartei> guest;
  while (true) {
    std::unique_lock lock{mutex_};
    work_came_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    Asked one = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    if (!guest) guest = guest_of(host_);
    attempt(guest.get(), std::move(one));
  }
}

// Whoever waits asks again whenever a read model has moved, and when his time is over.
void Asking::watch() {
  while (true) {
    std::uint64_t news = 0;
    {
      std::unique_lock lock{mutex_};
      wait_came_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      news = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
               return a.news < b.news;
             })->news;
    }
    static_cast<void>(host_.board().await_news(news, steady_clock::now() + kLook));
    std::vector<Asked> again;
    {
      const std::lock_guard lock{mutex_};
      const auto now = steady_clock::now();
      const auto stays = [&](const Asked& one) { return one.news == news && now < one.deadline; };
      const auto ready = std::partition(waiting_.begin(), waiting_.end(), stays);
      again.assign(std::make_move_iterator(ready), std::make_move_iterator(waiting_.end()));
      waiting_.erase(ready, waiting_.end());
    }
    for (Asked& one : again) enqueue(std::move(one));
  }
}

}  // namespace infra::rest
