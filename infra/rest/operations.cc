#include "infra/codec/json.h"
#include "infra/rest/answers.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"

// What operators watch while it runs: a rebuild, and the log itself.
namespace infra::rest {
namespace {

using core::Raw;

constexpr std::chrono::milliseconds kProgressEach{250};
constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::milliseconds kLookAnyway{1000};
constexpr std::size_t kEventsTogether = 200;

// What a rebuild is left with when its client is gone or the service stops.
struct Left {};

void begin(const Means& means, const Call& call, Streaming::Work work) {
  if (means.streaming.begin(call, std::move(work))) return;
  call.answer(refusal(503, "busy", "too much is being watched already; try again"));
}

std::string progress_data(const service::Progress& now) {
  Raw percent{Raw::Null{}};
  if (now.total > 0) percent = Raw{now.done * 100 / now.total};
  return codec::write_json(Raw{Raw::Object{{"what", Raw{std::string{now.what}}},
                                           {"done", Raw{now.done}},
                                           {"total", Raw{now.total}},
                                           {"percent", std::move(percent)}}});
}

void rebuild(const Means& means,
             const std::string& name,
             http::EventStream& stream,
             const Streaming::GoesOn& goes_on) {
  auto next = std::chrono::steady_clock::now();
  const auto guest = means.host.guest({.progress = [&](const service::Progress& now) {
    if (!goes_on()) throw Left{};
    if (std::chrono::steady_clock::now() < next) return;
    next = std::chrono::steady_clock::now() + kProgressEach;
    static_cast<void>(stream.send({.event = "progress", .data = progress_data(now)}));
  }});
  try {
    const auto rebuilt = guest->rebuild({name}, true);
    const std::string data =
        rebuilt ? codec::write_json(rebuilt.value()) : answer_of(rebuilt.error()).body;
    static_cast<void>(stream.send({.event = rebuilt ? "done" : "problem", .data = data}));
  } catch (const Left&) {  // The next rebuild goes on with what this one has done.
  }
}

// What is in the log is in the read models next. Where those stand still the log may go on: it is
// looked at from time to time all the same.
void await_events(const service::Board& board,
                  std::uint64_t& news,
                  const Streaming::GoesOn& goes_on) {
  const auto anyway = std::chrono::steady_clock::now() + kLookAnyway;
  while (goes_on() && std::chrono::steady_clock::now() < anyway) {
    if (board.await_news(news, std::chrono::steady_clock::now() + kLook)) return;
  }
}

}  // namespace

void rebuild_projection(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const std::string name = call->names.at(0);
  bool known = false;
  for (const service::Host::Model& model : means.host.health().models)
    known = known || model.name == name;
  if (!known) decline({service::ProblemCode::not_found, "there is no such read model"});
  begin(means, *call, [&means, name](auto& stream, const auto& goes_on) {
    rebuild(means, name, stream, goes_on);
  });
}

void stream_events(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {"from"});
  const auto last = call->request.header("last-event-id");
  const auto from = call->request.parameter("from");
  const std::string start{last ? *last : from.value_or("now")};
  const auto where = service::EventFeed::parse_start(start);
  if (!where) decline({service::ProblemCode::usage, "from is beginning, now, or an event's id"});
  begin(means, *call, [&means, where = *where](auto& stream, const auto& goes_on) {
    const auto guest = means.host.guest();
    auto feed = guest->feed(where);
    if (!feed) {
      const http::Response problem = answer_of(as_asked(feed.error()));
      static_cast<void>(stream.send({.event = "problem", .data = problem.body}));
      return;
    }
    std::uint64_t news = means.host.board().news();
    while (goes_on()) {
      const std::size_t count =
          feed.value()->next(kEventsTogether, [&](const std::string& id, const Raw& described) {
            static_cast<void>(
                stream.send({.id = id, .event = "event", .data = codec::write_json(described)}));
          });
      if (count == 0) await_events(means.host.board(), news, goes_on);
    }
  });
}

}  // namespace infra::rest
