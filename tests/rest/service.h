#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/core/raw.h"
#include "infra/runtime/ids.h"
#include "tests/http/peer.h"
#include "tests/tools/program.h"
#include "tools/kartei/serving.h"

namespace testing_rest {

using testing_http::Answer;

// A clock that a test moves while the service's threads read it.
class MovedClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override { return now_; }
  void advance(std::chrono::microseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<core::Timestamp> now_ = core::Timestamp{
      std::chrono::sys_days{std::chrono::year{2026} / 2 / 1} + std::chrono::hours{9}};
};

// The whole service in this process, on port 0, with a data directory and a clock of its own.
class Service : public ::testing::Test {
 protected:
  Service() { start(); }

  void start(kartei::ServeOptions options = {});
  void stop() { serving.reset(); }

  // One request on a connection of its own. `headers` are whole lines, each with its line break.
  Answer ask(const std::string& first_line,
             const std::string& body = "",
             const std::string& headers = "") const;
  // The body of an answer that must be a JSON document.
  static core::Raw document(const Answer& answer);
  // What stands at "a.b" of a document, as JSON; empty when nothing does.
  static std::string at(const Answer& answer, const std::string& path);

  // Puts a patient on file and returns its id, when it can be read.
  std::string create(const std::string& more = "");
  // The header with which a question waits for what `answer` appended.
  static std::string waiting_for(const Answer& answer);
  // The log from its beginning, as it is streamed, up to and with `mark`.
  std::string events_until(const std::string& mark) const;

  tests::TemporaryFolder folder;
  MovedClock clock;
  infra::runtime::Ids ids;
  std::vector<std::string> notices;  // to be read when the service has stopped
  std::unique_ptr<kartei::Serving> serving;
};

}  // namespace testing_rest
