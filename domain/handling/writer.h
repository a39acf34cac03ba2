#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/handling/batch.h"

namespace handling {

// The one writer of a log: takes what is waiting, decides it, appends it as one transaction, and
// answers only when that is decided. Used by one thread. Its ports must outlive it.
class Writer {
 public:
  struct Ports {
    ports::Log& log;
    ports::States& states;
    ports::EventCodec& codec;
    ports::Clock& clock;
    ports::Ids& ids;
    // Who else is told of each event, in the same transaction.
    std::vector<ports::OutboundContract> outbound = {};
  };

  // Fences the writer before it and brings the states to the end of the log. `address` tells
  // others where this process can be reached.
  Writer(Ports ports, std::string address);

  // One answer for each submission, in order. Everything that the batch appends is one transaction.
  // Throws core::Broken only where certainly nothing was appended: the disk is full, or a newer
  // writer owns the log (locked) and this one must be given up.
  [[nodiscard]] std::vector<Answer> handle(std::span<const Submission> submissions);

  // Whether a newer writer was seen: this one never appends again.
  [[nodiscard]] bool fenced() const { return fenced_; }

 private:
  // What an append of unknown outcome turned out to be.
  enum class Found { there, not_there, undecided };

  void open();
  void take_over(std::unique_ptr<ports::LogWriter> writer);
  [[nodiscard]] Batch decide(std::span<const Submission> submissions);
  [[nodiscard]] std::vector<Answer> commit(Batch batch, const std::vector<ports::Offset>& offsets);
  [[nodiscard]] Found look_for(const Batch& batch, std::vector<ports::Offset>& offsets);
  [[nodiscard]] std::unordered_map<core::Uuid, ports::Offset> events_since(
      ports::Topic topic) const;

  Ports ports_;
  std::string address_;
  std::unique_ptr<ports::LogWriter> writer_;  // none: the last append's outcome is not decided yet
  std::array<std::vector<ports::Offset>, ports::kTopicCount> known_ends_;  // all before is known
  bool fenced_ = false;
};

}  // namespace handling
