#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "domain/ports/clock.h"
#include "domain/ports/codec.h"
#include "infra/outgoing/client.h"
#include "infra/reactors/group_feed.h"
#include "infra/reactors/mail_template.h"

namespace infra::reactors {

// Of the consumer group in the log: renaming it would begin at the head again.
inline constexpr const char* kConfirmingGroup = "confirmation-mail";

// Who asks for what to be sent, and by whom.
struct ConfirmationOptions {
  std::string url;  // of the communication service, to which mails are posted
  MailTemplate mail_template;
  std::string sender_address;
  std::string sender_name;  // may be empty
  std::string token = {};   // that the communication service wants; empty: none
};

// How long the communication service is left alone after a failure: as long as we would by
// ourselves, or as long as it asked for (Retry-After), whichever is longer, and never over five
// minutes: nobody else can say that it is back.
[[nodiscard]] std::chrono::milliseconds left_alone(std::chrono::milliseconds by_ourselves,
                                                   std::chrono::seconds asked_for);

// The thread that has confirmation mails sent for registrations that are in the log, in the order
// of each partition, at least once, and holds up nobody.
class Confirming {
 public:
  struct Given {
    ConfirmationOptions options;
    ports::Clock& clock;
    // The log, while it is this process's turn to write; none otherwise.
    std::function<ports::Log*()> log_in_turn;
    // Whether a patient is on file, as the log knows it now; called by this thread. May throw
    // core::Broken.
    std::function<bool(const patient::PatientId&)> on_file;
    std::function<void(std::string_view)> complain;  // to the operator
    std::chrono::milliseconds look{1'000};           // how often, at the end of the log
    std::chrono::milliseconds again{1'000};          // the first time, then twice as long each time
  };
  // Begins. What it is given must outlive it.
  explicit Confirming(Given given);
  // Stops.
  ~Confirming();
  Confirming(const Confirming&) = delete;
  Confirming& operator=(const Confirming&) = delete;

  // Waits, at most so long, until the group has its place in the log: nothing that is appended from
  // then on goes without its mail. False: it has none yet.
  bool await_begun(std::chrono::milliseconds limit);
  // Returns when the thread has ended: an exchange that runs is given up, and made again by whoever
  // comes next. One thread's business; again: nothing.
  void stop();

  // Since this process began. Any thread may call it.
  struct Counts {
    std::int64_t sent = 0;
    std::int64_t skipped = 0;  // no address, too late, or the patient is gone
    std::int64_t refused = 0;  // never accepted: nobody tries again
    std::int64_t retried = 0;  // attempts that came to nothing, for now
    std::int64_t lag = 0;      // offsets of the log that are not done with
  };
  [[nodiscard]] Counts counts() const;

 private:
  // What is to be sent, and where the log has it.
  struct Due {
    ports::Partition partition;
    ports::Offset offset;
    patient::EventId event_id;
    patient::PatientId patient;
    core::Timestamp recorded_at;
    std::optional<Mail> mail;  // none: no address
  };
  enum class Outcome { settled, later };

  void live();
  // For how long there is nothing to do.
  [[nodiscard]] std::chrono::milliseconds step();
  std::size_t read_on();
  [[nodiscard]] Outcome settle(const Due& due);
  [[nodiscard]] Outcome send(const Due& due);
  // How long to wait now: longer than the last time, and as long as the service asked for.
  [[nodiscard]] std::chrono::milliseconds wait_longer(std::string_view why);
  void over();  // the trouble
  void wait(std::chrono::milliseconds limit);

  Given given_;
  std::atomic<bool> stopping_ = false;
  outgoing::Client client_;
  std::unique_ptr<ports::EventCodec> codec_;
  std::optional<GroupFeed> feed_;  // none: not our turn, or it broke
  std::deque<Due> due_;
  std::chrono::milliseconds again_;
  std::chrono::seconds retry_after_{0};  // of the last answer
  bool in_trouble_ = false;
  std::chrono::steady_clock::time_point committed_;
  std::chrono::steady_clock::time_point committed_anew_;
  std::atomic<std::int64_t> sent_ = 0;
  std::atomic<std::int64_t> skipped_ = 0;
  std::atomic<std::int64_t> refused_ = 0;
  std::atomic<std::int64_t> retried_ = 0;
  std::atomic<std::int64_t> lag_ = 0;
  std::mutex mutex_;  // of changed_ and begun_
  std::condition_variable changed_;
  bool begun_ = false;
  std::thread thread_;
};

}  // namespace infra::reactors
