#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ports/clock.h"
#include "domain/ports/inbox.h"
#include "infra/ingest/dead_letters.h"
#include "infra/ingest/importer.h"

namespace infra::ingest {

// The topic to which the original system's communication service sends e-mails and calls, and our
// group there.
inline constexpr const char* kCommunicationEvents = "communication-events";
inline constexpr std::string_view kIngestGroup = "ingest";

// Turns the messages of `communication-events` into contacts of patients. Where to go on is
// committed only behind what is in the log or among the dead letters, so that nothing is lost
// wherever this process ends; what is delivered again changes no answer, because a contact is known
// by its source. To be stepped by whoever writes the log, and by nobody else; one thread.
class Intake {
 public:
  using Handle = Importer::Handle;

  // All that it is given must outlive it.
  Intake(ports::Inbox& inbox, DeadLetters& dead_letters, ports::Clock& clock, ports::Ids& ids);

  struct Step {
    bool topic_exists = true;   // false: nobody has made it yet; what is not there is not missed
    std::size_t messages = 0;   // 0: no more now
    std::int64_t recorded = 0;  // contacts that are news, of expected patients too
    std::int64_t duplicates = 0;
    std::int64_t ignored = 0;   // no contacts, without a patient, of deleted patients, tombstones
    std::int64_t dead = 0;      // are dead letters now, or were before
    std::int64_t released = 0;  // dead letters, as an operator had requested
  };
  // Takes in up to Importer::kBatchMax messages, as one transaction of the log; `handle` is its
  // writer. Throws what `handle` and the ports throw, and core::Broken (broker_unavailable) where
  // nobody can say whether it is in the log: none of it makes a dead letter, and the next step
  // begins with the same messages.
  Step step(const Handle& handle);

  // What became of a dead letter's message that was taken in once more.
  struct Again {
    enum class Kind { taken, refused, gone };
    Kind kind;
    std::string code;  // when refused, and why
    std::string message;
  };
  // Reads the message again where it lies, submits it, and keeps with `letter` what came of it: the
  // decision, or the reason why it stays. Throws what `handle` and the ports throw, and
  // OutcomeUnknownError; nothing is decided then.
  Again release(codec::DeadLetter& letter, const Handle& handle);
  // How large the message is; none: it is there no more.
  [[nodiscard]] std::optional<std::int64_t> bytes_of(const codec::DeadLetter& letter);

 private:
  [[nodiscard]] Step take_batch(const Handle& handle);
  [[nodiscard]] std::int64_t release_requested(const Handle& handle);
  [[nodiscard]] Again take_again(const codec::DeadLetter& letter, const Handle& handle);
  [[nodiscard]] codec::DeadLetter letter_for(const Refused& refused,
                                             const ports::Message& message) const;
  bool read_again(const codec::DeadLetter& letter, const ports::MessageSink& sink);

  ports::Inbox& inbox_;
  DeadLetters& dead_letters_;
  ports::Clock& clock_;
  ports::Ids& ids_;
  std::chrono::steady_clock::time_point looked_at_{};  // for requests; long ago
};

}  // namespace infra::ingest
