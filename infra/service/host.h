#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infra/service/board.h"
#include "infra/service/command_queue.h"
#include "infra/service/kartei.h"

namespace infra::service {

// A Kartei that is lived in: one thread writes the log when it is this process's turn, one keeps
// every read model up with it, and any number of guests ask and command. Any thread may call it.
class Host {
 public:
  static constexpr std::size_t kCommandsWaitingMax = 10'000;
  static constexpr std::size_t kCommandsTogetherMax = 1'000;

  // One batch of commands, or of what other services sent, as the writer answered it.
  struct Written {
    std::chrono::nanoseconds took;
    std::size_t commands;
    const std::vector<handling::Answer>* answers;  // none: something broke, nothing is in the log
    bool fenced;                                   // a newer writer owns the log
  };
  using OnWritten = std::function<void(const Written&)>;

  // Takes the data directory; throws core::Broken (locked) when another process holds it. The log
  // is opened by the host's own thread, because brokers that are away are waited for.
  // `surroundings.notice` and `.progress` are called by several threads, one at a time,
  // `on_written` by the one that writes. A thread that gave no sign of life for `alive_within`
  // hangs: a batch takes far less.
  explicit Host(Surroundings surroundings,
                OnWritten on_written = {},
                std::chrono::milliseconds alive_within = std::chrono::seconds{30});
  // Stops.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Takes no command any more, answers those that it has taken, gives its turn to write up, and
  // ends its threads. Guests may go on asking, and are refused their commands.
  void stop();
  // Waits, at most so long, until the log is open. False: it is not.
  bool await_opened(std::chrono::milliseconds limit);
  // Waits, at most so long, until something broke that waiting does not mend, and throws that.
  void await_failure(std::chrono::milliseconds limit);

  // What a guest has to itself, where it differs from its host.
  struct Guest {
    std::function<void(const Progress&)> progress = {};  // of its own long work
    std::function<void(std::string_view)> notice = {};   // none: the operator of the host
    bool asks_at_head = false;                           // Surroundings::asks_at_head
  };
  // A Kartei for one thread. Throws core::Broken (broker_unavailable) until the log is open. The
  // host must outlive it.
  [[nodiscard]] std::unique_ptr<Kartei> guest() { return guest(Guest{}); }
  [[nodiscard]] std::unique_ptr<Kartei> guest(Guest guest);
  // Commands without waiting for their answer (CommandQueue::submit).
  [[nodiscard]] bool submit(std::vector<handling::Submission> group,
                            CommandQueue::Answered answered);
  // Where whoever writes can be reached, while this process is a standby; empty: it did not say, or
  // is not known yet.
  [[nodiscard]] std::string writer_elsewhere() const;
  // Which log it is. Throws core::Broken (broker_unavailable) until that is open.
  [[nodiscard]] ports::Incarnation incarnation() const;
  // The token of a position in this log (Kartei::token), which must be open.
  [[nodiscard]] std::string token(const handling::Position& position) const;
  // The log, while it is this process's turn to write, for what reacts to it; none otherwise. It
  // lives as long as the host.
  [[nodiscard]] ports::Log* log_in_turn() const;
  // A sentence for the operator, in turn with the host's own.
  void say(std::string_view sentence);
  // What the live read models show; for whoever wants to hear of news.
  [[nodiscard]] const Board& board() const;

  // One thread, as whoever looks after the process sees it.
  struct Thread {
    bool alive = true;    // it gave a sign of life not long ago
    std::string trouble;  // what keeps it from going on; empty: nothing
  };
  // As the board's PartitionLag has it. Nothing is known of it while the read model's keeper is in
  // trouble: the last known numbers stay.
  struct Lag {
    std::int64_t events = 0;
    std::chrono::nanoseconds time{};  // 0 when it is at the end
  };
  struct Model {
    std::string name;
    bool there = false;         // else it is being made
    std::int64_t position = 0;  // offsets of its topic that it has passed, over all partitions
    std::int64_t lag_events = 0;
    std::chrono::nanoseconds lag_time{};  // the longest of its partitions
    std::vector<Lag> lag_by_partition = {};
    std::int64_t quarantined = 0;  // patients
  };
  // Messages of other services by what came of them, since this process began; a message that was
  // delivered again counts again.
  struct Consumed {
    std::int64_t recorded = 0;    // contacts that were news
    std::int64_t duplicates = 0;  // contacts that the log knew
    std::int64_t ignored = 0;     // nothing of ours
    std::int64_t dead = 0;        // became dead letters, or were before
  };
  struct Health {
    bool opened = false;  // the log
    bool on_kafka = false;
    bool writer = false;  // else a standby
    std::int64_t turns = 0;
    Consumed consumed;
    std::size_t commands_waiting = 0;
    // Who have contacts and were never created; none: the states are not open yet.
    std::optional<std::int64_t> expected_patients;
    Thread writing;
    Thread projecting;
    std::vector<Model> models;
  };
  [[nodiscard]] Health health() const;

 private:
  struct Living;
  std::unique_ptr<Living> living_;
};

}  // namespace infra::service
