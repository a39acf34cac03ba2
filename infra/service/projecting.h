#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "infra/service/board.h"
#include "infra/service/kartei.h"
#include "infra/service/live_models.h"
#include "infra/service/resting.h"

namespace infra::service {

// A host's thread that keeps the live read models up with the log and says on the board how they
// stand.
class Projecting {
 public:
  struct Given {
    Kartei::Parts& parts;  // of it this thread uses the read models and reads the log
    Board& board;
    std::function<bool()> stop;
    std::shared_ptr<Wakeup> wakeup;  // the log's threads have it too
  };
  explicit Projecting(Given given);

  // Until it is told to stop. Throws core::Broken where waiting does not help.
  void run();
  // However run() ended: nobody waits for this thread any longer.
  void end();

  // --- For any thread.
  // The live generation of `name` has changed in the catalog: returns when the new one is open, or
  // when this thread ends.
  void reopen(std::string_view name);
  // Whether every read model was built: until then some questions are answered `rebuilding`.
  [[nodiscard]] bool all_built() const { return all_built_; }
  [[nodiscard]] const Signs& signs() const { return signs_; }
  [[nodiscard]] Signs& signs() { return signs_; }

 private:
  void round();
  void build_missing();
  void obey();
  [[nodiscard]] std::set<std::string> asked_to_reopen() const;
  void show(const projections::Projection& projection);

  Given given_;
  Signs signs_;
  Resting resting_;
  std::atomic<bool> all_built_ = false;
  bool was_called_ = false;  // while it slept
  std::chrono::steady_clock::time_point next_look_;
  std::map<ports::Topic, std::vector<ports::Offset>> ends_;  // when it last looked for them
  std::chrono::steady_clock::time_point looked_at_;          // that was then

  mutable std::mutex mutex_;  // for the next ones
  std::condition_variable obeyed_;
  std::set<std::string> to_reopen_;
  bool ended_ = false;
};

}  // namespace infra::service
