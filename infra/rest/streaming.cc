#include "infra/rest/streaming.h"

#include "infra/rest/routes.h"

namespace infra::rest {

using std::chrono::steady_clock;

Streaming::~Streaming() {
  stopping_ = true;
  for (Running& one : running_) one.thread.join();
}

bool Streaming::begin(const Call& call, Work work) {
  const std::lock_guard lock{mutex_};
  for (auto one = running_.begin(); one != running_.end();) {
    if (one->done) one->thread.join();
    one = one->done ? running_.erase(one) : std::next(one);
  }
  if (running_.size() >= kTogetherMax || stopping_) return false;
  Running& own = running_.emplace_back();
  own.thread = std::thread{[this, &own, call, work = std::move(work)] {
    watch_and_work(call, work);
    own.done = true;
  }};
  return true;
}

void Streaming::watch_and_work(const Call& call, const Work& work) const {
  http::EventStream stream = call.reply.stream(
      {{"Cache-Control", "no-store"}}, std::string{call.route.pattern}, call.asker);
  const auto tell_problem = [&](const http::Response& problem) {
    static_cast<void>(stream.send({.event = "problem", .data = problem.body}));
  };
  bool may = true;
  auto next_look = steady_clock::now() + kLookEach;
  const auto still_may = [&] {
    if (!may || steady_clock::now() < next_look) return may;
    next_look = steady_clock::now() + kLookEach;
    const auto admitted = admission_.admit(call.request, call.route);
    may = admitted.has_value();
    if (!may) tell_problem(admitted.error());
    return may;
  };
  try {
    work(stream, [&] { return !stopping_ && stream.open() && still_may(); });
  } catch (const std::exception&) {
    tell_problem(answer_of(std::current_exception(), complain_));
  }
  stream.close();
}

}  // namespace infra::rest
