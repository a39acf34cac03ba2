#include "infra/rest/streaming.h"

#include "domain/core/broken.h"
#include "infra/rest/answers.h"

namespace infra::rest {
namespace {

void tell(http::EventStream& stream, const service::Problem& problem) {
  static_cast<void>(stream.send({.event = "problem", .data = answer_of(problem).body}));
}

void run(const Streaming::Work& work, http::EventStream& stream, const Streaming::GoesOn& goes_on) {
  try {
    work(stream, goes_on);
  } catch (const core::Broken& broken) {
    tell(stream, service::problem_of(broken));
  } catch (const std::exception&) {
    tell(stream, {service::ProblemCode::internal, "this is a defect of Kartei"});
  }
}

}  // namespace

Streaming::~Streaming() {
  stopping_ = true;
  for (Running& one : running_) one.thread.join();
}

bool Streaming::begin(const http::Reply& reply, std::string route, Work work) {
  const std::lock_guard lock{mutex_};
  for (auto one = running_.begin(); one != running_.end();) {
    if (one->done) one->thread.join();
    one = one->done ? running_.erase(one) : std::next(one);
  }
  if (running_.size() >= kTogetherMax || stopping_) return false;
  Running& own = running_.emplace_back();
  own.thread =
      std::thread{[this, &own, reply, route = std::move(route), work = std::move(work)]() mutable {
        http::EventStream stream = reply.stream({{"Cache-Control", "no-store"}}, std::move(route));
        run(work, stream, [&] { return !stopping_ && stream.open(); });
        stream.close();
        own.done = true;
      }};
  return true;
}

}  // namespace infra::rest
