#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "infra/service/candidacy.h"
#include "infra/service/command_queue.h"
#include "infra/service/host.h"
#include "infra/service/kartei.h"
#include "infra/service/resting.h"
#include "infra/states/standby.h"

namespace infra::service {

// A host's thread that writes: a standby with warm states until its turn comes, then the writer,
// which answers commands and takes in what other services send.
class Writing {
 public:
  struct Given {
    Kartei::Parts& parts;  // of it this thread uses the log, the states, the writer, the mail
    CommandQueue& commands;
    std::function<bool()> stop;
    std::function<void()> committed;  // something is in the log that was not there before
    Host::OnWritten on_written;       // may be empty
    std::shared_ptr<Wakeup> wakeup;   // the log's threads have it too
  };
  explicit Writing(Given given);

  // Until it is told to stop; then answers what the queue still holds and gives its turn up. Throws
  // core::Broken where waiting does not help.
  void run();

  // --- For any thread.
  struct Standing {
    bool writer = false;  // else a standby
    std::int64_t turns = 0;
    Host::Consumed consumed;
    std::optional<std::int64_t> expected_patients;
  };
  [[nodiscard]] Standing standing() const;
  // Where whoever writes can be reached; empty: it is this process, or it did not say.
  [[nodiscard]] std::string writer_elsewhere() const;
  [[nodiscard]] const Signs& signs() const { return signs_; }
  [[nodiscard]] Signs& signs() { return signs_; }

 private:
  // Whether there may be more to do right away.
  [[nodiscard]] bool round();
  void mind_turn();
  void take_turn(std::int64_t turn);
  void give_up_turn(const std::string& why);
  void learn_writer(std::string address);
  void stand_back(const std::string& why);
  [[nodiscard]] bool write();
  [[nodiscard]] bool take_in();
  void stand_by();
  void ask_for_compaction();
  void finish();
  [[nodiscard]] std::vector<handling::Answer> handle(
      std::span<const handling::Submission> submissions);

  using Time = std::chrono::steady_clock::time_point;

  Given given_;
  Signs signs_;
  Resting resting_;
  std::unique_ptr<Candidacy> candidacy_;
  std::unique_ptr<states::Standby> standby_;  // none: this process is the writer, or begins anew
  std::int64_t turn_ = 0;                     // that our writer is of; 0: we have none
  std::optional<Time> stands_back_until_;     // another writer took the log over by force
  bool waits_ = false;                        // the operator was told that somebody else writes
  bool was_called_ = false;                   // while it slept
  Time next_compaction_;
  Time next_intake_;
  Time next_look_;                    // of a standby at the end of the log
  std::atomic<bool> writer_ = false;  // these are for any thread
  std::atomic<std::int64_t> turns_ = 0;
  std::atomic<std::int64_t> recorded_ = 0;  // as in Host::Consumed
  std::atomic<std::int64_t> duplicates_ = 0;
  std::atomic<std::int64_t> ignored_ = 0;
  std::atomic<std::int64_t> dead_ = 0;
  std::atomic<std::int64_t> expected_patients_ = -1;  // not known yet
  mutable std::mutex mutex_;                          // for the next one
  std::string writer_elsewhere_;
};

}  // namespace infra::service
