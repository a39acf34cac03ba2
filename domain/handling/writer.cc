#include "domain/handling/writer.h"

#include <unordered_map>

#include "domain/core/broken.h"
#include "domain/core/match.h"

namespace handling {
namespace {

constexpr int kAttemptsMax = 3;
constexpr std::size_t kRecordsPerPoll = 10'000;

std::vector<Answer> unknown(std::size_t count, const std::string& why) {
  return std::vector<Answer>(count, OutcomeUnknown{why});
}

[[noreturn]] void give_up() {
  throw core::Broken(core::Breakage::locked,
                     "another writer has taken this log over; nothing was appended");
}

}  // namespace

Writer::Writer(Ports ports, std::string address) : ports_(ports), address_(std::move(address)) {
  open();
}

void Writer::open() { take_over(ports_.log.open_writer(address_)); }

// The writer is ours only once the states stand at the end of the log: one that was opened before
// something broke must not decide on states that lack what its predecessor did.
void Writer::take_over(std::unique_ptr<ports::LogWriter> writer) {
  ports_.states.catch_up(ports_.log);
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    known_ends_[static_cast<std::size_t>(topic)] = ports_.log.ends(topic);
  }
  writer_ = std::move(writer);
}

std::vector<Answer> Writer::handle(std::span<const Submission> submissions) {
  if (fenced_) give_up();
  if (!writer_) open();
  std::string why;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    Batch batch = decide(submissions);
    if (batch.records().empty()) {
      // An answer from states that a newer writer has moved on would be stale.
      fenced_ = !writer_->still_owner();
      if (fenced_) give_up();
      return std::move(batch).answers({});
    }
    const ports::Appended appended =
        writer_->append_and_announce(batch.records(), batch.announcements());
    if (const auto* committed = std::get_if<ports::Committed>(&appended)) {
      return commit(std::move(batch), committed->offsets);
    }
    if (std::holds_alternative<ports::Fenced>(appended)) {
      fenced_ = true;
      return unknown(submissions.size(), "a newer writer took the log over while this was decided");
    }
    why = std::get<ports::Unknown>(appended).why;
    std::vector<ports::Offset> offsets;
    switch (look_for(batch, offsets)) {
      case Found::there: return std::move(batch).answers(offsets);
      case Found::not_there: continue;
      case Found::undecided: return unknown(submissions.size(), why);
    }
  }
  return unknown(submissions.size(), why);
}

Batch Writer::decide(std::span<const Submission> submissions) {
  Batch batch{
      ports_.states, ports_.codec, ports_.ids, ports_.log.identity().partitions, ports_.outbound};
  for (const Submission& submission : submissions) batch.decide(submission, ports_.clock.now());
  return batch;
}

std::vector<Answer> Writer::commit(Batch batch, const std::vector<ports::Offset>& offsets) {
  ports_.states.advance(batch.take_advances(offsets));
  for (std::size_t at = 0; at < offsets.size(); ++at) {
    const ports::NewRecord& record = batch.records()[at];
    auto& ends = known_ends_[static_cast<std::size_t>(record.topic)];
    auto& end = ends[static_cast<std::size_t>(record.partition.get())];
    end = std::max(end, ports::Offset{offsets[at].get() + 1});
  }
  return std::move(batch).answers(offsets);
}

// Opening a new writer decides everything that the old one did; then the history says whether the
// batch is there. All of it or none: it was one transaction. The states take it over from the log,
// with whatever a writer in between may have added. Whatever breaks on the way leaves the question
// open, and the next batch begins by asking again.
Writer::Found Writer::look_for(const Batch& batch, std::vector<ports::Offset>& offsets) {
  writer_.reset();
  try {
    auto successor = ports_.log.open_writer(address_);
    const auto history = events_since(ports::Topic::patient_history);
    const bool there = history.contains(batch.decided().front().event_id.get());
    if (there) {
      const auto events = events_since(ports::Topic::patient_events);
      offsets.assign(batch.records().size(), ports::Offset{0});
      for (const Batch::Decided& decided : batch.decided()) {
        offsets[decided.history_record] = history.at(decided.event_id.get());
        const auto event = events.find(decided.event_id.get());  // Compaction may have been faster.
        if (event != events.end()) offsets[decided.event_record] = event->second;
      }
    }
    take_over(std::move(successor));
    return there ? Found::there : Found::not_there;
  } catch (const core::Broken&) {
    return Found::undecided;
  }
}

std::unordered_map<core::Uuid, ports::Offset> Writer::events_since(ports::Topic topic) const {
  std::vector<ports::Start> starts;
  for (const ports::Offset end : known_ends_[static_cast<std::size_t>(topic)]) {
    starts.push_back({ports::Partition{static_cast<std::int32_t>(starts.size())}, end});
  }
  std::unordered_map<core::Uuid, ports::Offset> found;
  const auto reader = ports_.log.open_reader(topic, starts);
  const auto sink = [&](const ports::Record& record) {
    if (!record.value || ports::is_reserved(record.key)) return;
    if (const auto id = ports_.codec.event_id(*record.value))
      found.emplace(id->get(), record.offset);
  };
  while (reader->poll(kRecordsPerPoll, sink) > 0) {
  }
  return found;
}

}  // namespace handling
