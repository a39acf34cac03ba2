#include "infra/rest/streaming.h"

#include "infra/rest/routes.h"

namespace infra::rest {
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
  own.thread = std::thread{[this,
                            &own,
                            reply = call.reply,
                            route = std::string{call.route.pattern},
                            asker = call.asker,
                            work = std::move(work)]() mutable {
    http::EventStream stream =
        reply.stream({{"Cache-Control", "no-store"}}, std::move(route), std::move(asker));
    try {
      work(stream, [&] { return !stopping_ && stream.open(); });
    } catch (const std::exception&) {
      const http::Response problem = answer_of(std::current_exception(), complain_);
      static_cast<void>(stream.send({.event = "problem", .data = problem.body}));
    }
    stream.close();
    own.done = true;
  }};
  return true;
}

}  // namespace infra::rest
