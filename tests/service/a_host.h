#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/runtime/ids.h"
#include "infra/service/host.h"
#include "tests/projections/scratch_folder.h"

// A Kartei that is lived in, in a folder that goes with the test.
namespace testing_service {

using infra::service::Host;
using infra::service::Kartei;
using infra::service::ProblemCode;
using infra::service::Wait;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A clock that makes whoever asks it wait while it is held: a thread that hangs.
class HeldClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    return std::chrono::sys_days{std::chrono::year{2026} / 2 / 1};
  }
  void hold() {
    const std::lock_guard lock{mutex_};
    held_ = true;
  }
  void let_go() {
    const std::lock_guard lock{mutex_};
    held_ = false;
    changed_.notify_all();
  }
  void await_one_that_waits() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int waiting_ = 0;
};

class AHost : public ::testing::Test {
 protected:
  ~AHost() override { clock.let_go(); }

  void start(milliseconds alive_within = seconds{30}) {
    host =
        std::make_unique<Host>(infra::service::Surroundings{folder.path() / "data",
                                                            clock,
                                                            ids,
                                                            [](std::string_view) {},
                                                            [](const infra::service::Progress&) {}},
                               Host::OnWritten{},
                               alive_within);
  }

  handling::Submission created() {
    const patient::Create create{{{patient::Key::anrede, std::string{"Frau"}},
                                  {patient::Key::geschlecht, std::string{"weiblich"}},
                                  {patient::Key::vorname, std::string{"Ada"}},
                                  {patient::Key::nachname, std::string{"Probe"}}},
                                 std::nullopt,
                                 {},
                                 std::nullopt};
    return {patient::CommandId{ids.random()},
            infra::codec::command_digest(std::nullopt, create),
            std::nullopt,
            create,
            handling::ExpectAny{},
            "test",
            patient::CorrelationId{ids.random()}};
  }

  // Whether it comes to be so, looked at whenever a read model has moved.
  bool comes_to(const std::function<bool()>& so) {
    const auto until = std::chrono::steady_clock::now() + seconds{60};
    std::uint64_t news = 0;
    while (!so()) {
      if (std::chrono::steady_clock::now() > until) return false;
      static_cast<void>(
          host->board().await_news(news, std::chrono::steady_clock::now() + milliseconds{20}));
    }
    return true;
  }
  bool is_ready() {
    return comes_to([this] {
      const auto models = host->health().models;
      return std::all_of(models.begin(), models.end(), [](const auto& one) { return one.there; });
    });
  }
  std::string list(Kartei& guest) {
    const auto listed = guest.list({}, {});
    return listed ? infra::codec::write_json(listed.value().data)
                  : std::string{name(listed.error().code)};
  }

  testing_projections::ScratchFolder folder;
  HeldClock clock;
  infra::runtime::Ids ids;
  std::unique_ptr<Host> host;
};

}  // namespace testing_service
