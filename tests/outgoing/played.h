#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "infra/http/server.h"

namespace testing_outgoing {

// A server whose answers the test says beforehand, one after another; without one it says 500.
class Played {
 public:
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  [[nodiscard]] std::string url() const { return "http://" + host(); }
  void answers(int status, std::string body = "{}") {
    const std::lock_guard lock{mutex_};
    next_.push_back({status, "application/json", {}, std::move(body)});
  }
  void answers(infra::http::Response response) {
    const std::lock_guard lock{mutex_};
    next_.push_back(std::move(response));
  }
  // What was asked so far.
  [[nodiscard]] std::vector<infra::http::Request> requests() {
    const std::lock_guard lock{mutex_};
    return requests_;
  }
  // The same as lines: method and target.
  [[nodiscard]] std::vector<std::string> lines() {
    std::vector<std::string> all;
    for (const auto& request : requests()) all.push_back(request.method + ' ' + request.target);
    return all;
  }

 private:
  infra::http::Response answer(infra::http::Request request) {
    const std::lock_guard lock{mutex_};
    requests_.push_back(std::move(request));
    if (next_.empty()) return infra::http::problem(500, "internal", "nothing was said");
    auto response = std::move(next_.front());
    next_.pop_front();
    return response;
  }

  std::mutex mutex_;  // for the next ones
  std::deque<infra::http::Response> next_;
  std::vector<infra::http::Request> requests_;
  infra::http::Server server_{{{"127.0.0.1"}}, [this](auto request, auto reply) {
                                reply.send(answer(std::move(request)));
                              }};
};

}  // namespace testing_outgoing
