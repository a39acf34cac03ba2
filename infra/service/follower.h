#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "infra/service/candidacy.h"
#include "infra/service/kartei.h"
#include "infra/states/standby.h"

namespace infra::service {

// Where the follower sleeps until there is something to do. Any thread may wake it.
class Wakeup {
 public:
  void wake();
  // Returns at once when it was woken since it last slept. Whether it was.
  bool sleep(std::chrono::milliseconds limit);

 private:
  std::mutex mutex_;  // for the next ones
  std::condition_variable changed_;
  bool woken_ = false;
};

// A process that lives on the log: a standby until its turn to write comes, then the writer, and in
// either case every read model follows. Used by one thread; `parts` and `stop` must outlive
// it.
class Follower {
 public:
  Follower(Kartei::Parts& parts, const std::function<bool()>& stop);
  // Gives the turn up.
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Until it is told to stop. Throws core::Broken where waiting does not help.
  void run();

  [[nodiscard]] core::Raw summary() const;

 private:
  // What keeps it from going on when it is told to stop in the middle of a rebuild.
  struct Stopped {};

  void round();
  void mind_turn();
  void take_turn(std::int64_t turn);
  void give_up_turn(const std::string& why);
  void stand_back(const std::string& why);
  // Takes in what waits elsewhere until something else is to be done.
  void take_in();
  // Whether there may be more right away.
  [[nodiscard]] bool take_in_batch();
  void project();
  void build_missing();
  void ask_for_compaction();
  void rest(const std::string& why);
  [[nodiscard]] std::vector<handling::Answer> handle(
      std::span<const handling::Submission> submissions);

  using Time = std::chrono::steady_clock::time_point;

  Kartei::Parts& parts_;
  const std::function<bool()>& stop_;
  std::function<void(const Progress&)> progress_;                // the surroundings' own
  std::shared_ptr<Wakeup> wakeup_ = std::make_shared<Wakeup>();  // the log's threads have it too
  std::unique_ptr<Candidacy> candidacy_;
  std::unique_ptr<states::Standby> standby_;  // none: this process is the writer, or begins anew
  std::int64_t turn_ = 0;                     // that our writer is of; 0: we have none
  std::int64_t turns_ = 0;
  std::int64_t recorded_ = 0;              // contacts that were taken in
  std::int64_t dead_ = 0;                  // messages that became dead letters
  std::optional<Time> stands_back_until_;  // another writer took the log over by force
  bool all_built_ = false;
  bool was_called_ = false;  // something has come for a reader since the last round
  bool opened_ = false;      // the log; afterwards its readers call
  bool waits_ = false;       // the operator was told that somebody else writes
  std::string trouble_;      // what the operator was told last of what does not go on
  std::chrono::milliseconds back_off_;
  Time next_compaction_;
};

}  // namespace infra::service
