#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "infra/http/server.h"
#include "tests/http/peer.h"

namespace testing_http {

constexpr std::chrono::seconds kPatience{60};

[[nodiscard]] inline infra::http::Options on_any_port() { return {.listen = {"127.0.0.1", 0}}; }

// Things that one thread puts in and another waits for, at most a minute.
template <class Thing>
class Queue {
 public:
  void put(Thing thing) {
    const std::lock_guard lock{mutex_};
    things_.push_back(std::move(thing));
    came_.notify_all();
  }

  [[nodiscard]] Thing take() {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, kPatience, [&] { return !things_.empty(); }))
      throw std::runtime_error{"nothing came"};
    Thing thing = std::move(things_.front());
    things_.pop_front();
    return thing;
  }

  [[nodiscard]] bool empty() {
    const std::lock_guard lock{mutex_};
    return things_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Thing> things_;
};

// A handler that answers nothing by itself: tests take the replies and answer when they like.
class Desk {
 public:
  [[nodiscard]] infra::http::Handler handler() {
    return [this](infra::http::Request request, infra::http::Reply reply) {
      waiting_.put({std::move(request), std::move(reply)});
    };
  }
  [[nodiscard]] std::pair<infra::http::Request, infra::http::Reply> take() {
    return waiting_.take();
  }

 private:
  Queue<std::pair<infra::http::Request, infra::http::Reply>> waiting_;
};

// A client whose request a handler has, and the answer that it will get.
struct Asked {
  Peer peer;
  infra::http::Reply reply;
};
[[nodiscard]] inline Asked ask(const infra::http::Server& server, Desk& desk) {
  Peer peer{server.port()};
  peer.send(request("GET /"));
  return {std::move(peer), desk.take().second};
}

// A client that has had its first answer and may ask again; the handler answers GET by itself. On a
// busy machine the limit for that may be over before it has asked; then again.
[[nodiscard]] inline Peer known_to(const infra::http::Server& server) {
  for (;;) {
    Peer peer{server.port()};
    peer.send(request("GET /"));
    if (peer.answer().status == 200) return peer;
  }
}

// What observers are told, to be kept.
struct Observed {
  std::string method;
  std::string route;
  std::string remote;
  int status;
  std::size_t bytes;
  bool complete;
};
[[nodiscard]] inline infra::http::Observer into(Queue<Observed>& queue) {
  return [&queue](const infra::http::Exchange& one) {
    queue.put({std::string{one.method},
               std::string{one.route},
               std::string{one.remote},
               one.status,
               one.bytes,
               one.complete});
  };
}

}  // namespace testing_http
