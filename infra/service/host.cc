#include "infra/service/host.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "domain/core/broken.h"
#include "infra/codec/position_token.h"
#include "infra/service/parts.h"
#include "infra/service/projecting.h"
#include "infra/service/writing.h"
#include "projections/all.h"

namespace infra::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Whoever waits for brokers asks them again and again, and must be able to stop soon.
constexpr milliseconds kPatience{2500};

// What keeps a thread from going on when it is told to stop in the middle of a rebuild.
struct Stopped {};

}  // namespace

struct Host::Living {
  Living(Surroundings given, OnWritten on_written, milliseconds given_alive_within);

  [[nodiscard]] bool stops() const { return stopping.load(); }
  void open_log();
  void live(const std::function<void()>& run);
  void fail(std::exception_ptr why);
  void expect_opened() const;  // under `mutex`
  [[nodiscard]] Surroundings for_threads();

  const milliseconds alive_within;
  std::mutex speaking;  // one thread at a time talks to the operator
  Surroundings surroundings;
  std::atomic<bool> stopping = false;
  std::shared_ptr<Wakeup> writing_wakeup = std::make_shared<Wakeup>();
  std::shared_ptr<Wakeup> projecting_wakeup = std::make_shared<Wakeup>();
  CommandQueue commands;
  Board board;
  Kartei::Parts parts;
  Writing writing;
  Projecting projecting;

  std::mutex generations;  // its guests take turns

  mutable std::mutex mutex;  // for the next ones
  std::condition_variable changed;
  std::unique_ptr<Shared> shared;  // once the log is open
  std::exception_ptr failure;
  std::atomic<std::thread::id> writing_id;  // said by the thread itself: it may be faster than us
  std::thread writing_thread;
  std::thread projecting_thread;
};

Host::Living::Living(Surroundings given, OnWritten on_written, milliseconds given_alive_within)
    : alive_within(given_alive_within),
      surroundings(std::move(given)),
      commands(
          kCommandsWaitingMax, kCommandsTogetherMax, [wakeup = writing_wakeup] { wakeup->wake(); }),
      parts(for_threads()),
      writing({parts,
               commands,
               [this] { return stops(); },
               [wakeup = projecting_wakeup] { wakeup->wake(); },
               std::move(on_written),
               writing_wakeup}),
      projecting({parts, board, [this] { return stops(); }, projecting_wakeup}) {}

// The host's threads beat while they work long, and leave long work when they are to stop.
Surroundings Host::Living::for_threads() {
  Surroundings own = surroundings;
  if (own.kafka) {
    own.kafka->patience = std::min(own.kafka->patience, kPatience);
    own.kafka->gives_up = [this] { return stops(); };
  }
  own.notice = [this](std::string_view sentence) {
    const std::lock_guard lock{speaking};
    surroundings.notice(sentence);
  };
  own.progress = [this](const Progress& now) {
    if (stops()) throw Stopped{};
    const bool writes = std::this_thread::get_id() == writing_id;
    (writes ? writing.signs() : projecting.signs()).beat_at_long_work();
    const std::lock_guard lock{speaking};
    surroundings.progress(now);
  };
  return own;
}

void Host::Living::open_log() {
  Signs signs;
  Resting resting{"opening the log", signs, [this](const std::string& sentence) {
                    parts.surroundings.notice(sentence);
                  }};
  while (!stops()) {
    try {
      LogHome& home = parts.home();
      home.set_on_arrival([writes = writing_wakeup, projects = projecting_wakeup] {
        writes->wake();
        projects->wake();
      });
      resting.over();
      const std::lock_guard lock{mutex};
      shared = std::make_unique<Shared>(
          Shared{parts.directory(),
                 home,
                 board,
                 commands,
                 [this] { return writing.writer_elsewhere(); },
                 [this](std::string_view name) { projecting.reopen(name); },
                 generations});
      changed.notify_all();
      return;
    } catch (const core::Broken& broken) {
      if (!passes(broken.kind())) throw;
      const auto why = std::make_exception_ptr(broken);
      resting.rest(
          broken.what(),
          *writing_wakeup,
          [this] { return stops(); },
          [&] {
            writing.signs().beat();
            projecting.signs().beat();
            commands.refuse(why);
          });
    }
  }
}

void Host::Living::live(const std::function<void()>& run) {
  try {
    run();
  } catch (const Stopped&) {
  } catch (...) {
    fail(std::current_exception());
  }
}

void Host::Living::fail(std::exception_ptr why) {
  commands.close();
  commands.refuse(why);
  const std::lock_guard lock{mutex};
  if (!failure) failure = std::move(why);
  changed.notify_all();
}

void Host::Living::expect_opened() const {
  if (!shared)
    throw core::Broken(core::Breakage::broker_unavailable, "the log is not open yet; try again");
}

Host::Host(Surroundings surroundings, OnWritten on_written, milliseconds alive_within)
    : living_(
          std::make_unique<Living>(std::move(surroundings), std::move(on_written), alive_within)) {
  Living& living = *living_;
  living.parts.directory().demand_held();
  living.writing_thread = std::thread{[&living] {
    living.writing_id = std::this_thread::get_id();
    living.live([&] {
      living.open_log();
      living.writing.run();
    });
  }};
  living.projecting_thread = std::thread{[&living] {
    living.live([&] {
      std::unique_lock lock{living.mutex};
      living.changed.wait(lock, [&] {
        return living.shared != nullptr || living.failure != nullptr || living.stops();
      });
      const bool opened = living.shared != nullptr;
      lock.unlock();
      if (opened) living.projecting.run();
    });
    living.projecting.end();
  }};
}

Host::~Host() { stop(); }

void Host::stop() {
  Living& living = *living_;
  living.commands.close();
  {
    const std::lock_guard lock{living.mutex};
    living.stopping = true;
    living.changed.notify_all();
  }
  living.writing_wakeup->wake();
  living.projecting_wakeup->wake();
  if (living.writing_thread.joinable()) living.writing_thread.join();
  if (living.projecting_thread.joinable()) living.projecting_thread.join();
  living.commands.end();
  living.board.end();
}

bool Host::await_opened(milliseconds limit) {
  std::unique_lock lock{living_->mutex};
  living_->changed.wait_for(
      lock, limit, [&] { return living_->shared != nullptr || living_->failure != nullptr; });
  return living_->shared != nullptr;
}

void Host::await_failure(milliseconds limit) {
  std::unique_lock lock{living_->mutex};
  const bool failed =
      living_->changed.wait_for(lock, limit, [&] { return living_->failure != nullptr; });
  if (failed) std::rethrow_exception(living_->failure);
}

std::unique_ptr<Kartei> Host::guest(Guest guest) {
  Surroundings own = living_->parts.surroundings;
  own.progress = guest.progress ? std::move(guest.progress) : [](const Progress&) {};
  if (guest.notice) own.notice = std::move(guest.notice);
  own.asks_at_head = guest.asks_at_head;
  const std::lock_guard lock{living_->mutex};
  living_->expect_opened();
  return std::make_unique<Kartei>(std::move(own), *living_->shared);
}

bool Host::submit(std::vector<handling::Submission> group, CommandQueue::Answered answered) {
  return living_->commands.submit(std::move(group), std::move(answered));
}

std::string Host::writer_elsewhere() const { return living_->writing.writer_elsewhere(); }

ports::Incarnation Host::incarnation() const {
  const std::lock_guard lock{living_->mutex};
  living_->expect_opened();
  return living_->shared->home.log().identity().incarnation;
}

std::string Host::token(const handling::Position& position) const {
  return codec::format({incarnation(), {{position.partition, position.events, position.history}}});
}

ports::Log* Host::log_in_turn() const {
  if (!living_->writing.standing().writer) return nullptr;
  const std::lock_guard lock{living_->mutex};
  return living_->shared ? &living_->shared->home.log() : nullptr;
}

void Host::say(std::string_view sentence) { living_->parts.surroundings.notice(sentence); }

const Board& Host::board() const { return living_->board; }

Host::Health Host::health() const {
  const Living& living = *living_;
  const auto thread = [&living](const Signs& signs) {
    return Thread{signs.alive(living.alive_within), signs.trouble()};
  };
  Health health;
  {
    const std::lock_guard lock{living.mutex};
    health.opened = living.shared != nullptr;
    const bool ended = living.failure != nullptr;
    health.writing = thread(living.writing.signs());
    health.projecting = thread(living.projecting.signs());
    if (ended) health.writing.alive = health.projecting.alive = false;
  }
  health.on_kafka = living.surroundings.kafka.has_value();
  const Writing::Standing standing = living.writing.standing();
  health.writer = standing.writer;
  health.turns = standing.turns;
  health.consumed = standing.consumed;
  health.expected_patients = standing.expected_patients;
  health.commands_waiting = living.commands.waiting();
  for (const projections::Projection& projection : projections::read_models()) {
    const Board::Shown shown = living.board.find(projection.name);
    Model& model = health.models.emplace_back();
    model.name = projection.name;
    if (shown == nullptr) continue;
    model.there = true;
    for (const auto& partition : shown->checkpoint.partitions)
      model.position += partition.next.get();
    model.lag_events = shown->lag_events;
    const auto now = steady_clock::now();
    for (const PartitionLag& lag : shown->lags) {
      const auto time = lag.since ? now - *lag.since : std::chrono::nanoseconds{};
      model.lag_by_partition.push_back({lag.events, time});
      model.lag_time = std::max<std::chrono::nanoseconds>(model.lag_time, time);
    }
    model.quarantined = shown->quarantined;
  }
  return health;
}

}  // namespace infra::service
