#include "infra/ingest/intake.h"

#include <map>
#include <utility>

#include "domain/core/broken.h"

namespace infra::ingest {
namespace {

constexpr const char* kActor = "ingest";

// How long a request may be overlooked.
constexpr std::chrono::milliseconds kBetweenLooks{1000};

// A reason may name a member of the document; a dead letter does not.
std::string without_names(std::string reason) {
  const std::size_t begin = reason.find('\'');
  const std::size_t end = reason.rfind('\'');
  if (begin != end) reason.erase(begin, end + 2 - begin);
  return reason;
}

}  // namespace

Intake::Intake(ports::Inbox& inbox, DeadLetters& dead_letters, ports::Clock& clock, ports::Ids& ids)
    : inbox_(inbox), dead_letters_(dead_letters), clock_(clock), ids_(ids) {}

Intake::Step Intake::step(const Handle& handle) {
  try {
    const std::int64_t released = release_requested(handle);
    Step step = take_batch(handle);
    step.released = released;
    return step;
  } catch (const OutcomeUnknownError& unknown) {
    inbox_.go_back();
    throw core::Broken(core::Breakage::broker_unavailable, unknown.what());
  } catch (...) {
    inbox_.go_back();
    throw;
  }
}

Intake::Step Intake::take_batch(const Handle& handle) {
  Step step;
  Importer importer{Content::communications, kActor, ids_, handle};
  std::vector<ports::Message> places;  // of what the importer was given, without the bytes
  const auto count = inbox_.poll(Importer::kBatchMax, [&](const ports::Message& message) {
    if (!message.value) {
      ++step.ignored;
      return;
    }
    importer.add({{}, 0, std::string{*message.value}});
    places.push_back({message.partition, message.offset, message.sent_at, std::nullopt});
  });
  step.topic_exists = count.has_value();
  step.messages = count.value_or(0);
  if (step.messages == 0) return step;
  importer.finish();
  std::map<std::size_t, Refused> refusals;  // in the order of the messages
  for (const Refused& refused : importer.summary().refused) {
    refusals.emplace(refused.number, refused);
  }
  std::vector<codec::DeadLetter> letters;
  for (const auto& [number, refused] : refusals) {
    letters.push_back(letter_for(refused, places[number]));
  }
  dead_letters_.add(letters);
  inbox_.commit();
  step.recorded = importer.summary().imported;
  step.duplicates = importer.summary().duplicates;
  step.ignored += importer.summary().ignored;
  step.dead = static_cast<std::int64_t>(letters.size());
  return step;
}

codec::DeadLetter Intake::letter_for(const Refused& refused, const ports::Message& message) const {
  return {inbox_.topic(),
          message.partition.get(),
          message.offset.get(),
          message.sent_at,
          refused.code,
          without_names(refused.message),
          clock_.now()};
}

std::int64_t Intake::release_requested(const Handle& handle) {
  const auto now = std::chrono::steady_clock::now();
  if (now < looked_at_ + kBetweenLooks) return 0;
  looked_at_ = now;
  std::int64_t released = 0;
  try {
    for (codec::DeadLetter& letter : dead_letters_.all()) {
      if (letter.decision != codec::Decision::requested) continue;
      if (release(letter, handle).kind == Again::Kind::taken) ++released;
    }
  } catch (const core::Broken& broken) {
    // An older log has no topic of dead letters, and so no requests.
    if (broken.kind() != core::Breakage::log_mismatch) throw;
  }
  return released;
}

Intake::Again Intake::release(codec::DeadLetter& letter, const Handle& handle) {
  const Again again = take_again(letter, handle);
  codec::DeadLetter after = letter;
  after.decision.reset();
  if (again.kind == Again::Kind::taken) {
    after.decision = codec::Decision::released;
    after.decided_at = clock_.now();
  } else {
    after.code = again.code;
    after.message = again.message;
  }
  if (after != letter) dead_letters_.replace(after);
  letter = std::move(after);
  return again;
}

Intake::Again Intake::take_again(const codec::DeadLetter& letter, const Handle& handle) {
  Importer importer{Content::communications, kActor, ids_, handle};
  const auto add = [&](const ports::Message& message) {
    if (message.value) importer.add({{}, 0, std::string{*message.value}});
  };
  if (!read_again(letter, add)) {
    return {Again::Kind::gone, "not_found", "the message is in its topic no more"};
  }
  importer.finish();
  if (importer.summary().refused.empty()) return {Again::Kind::taken, {}, {}};
  const Refused& refused = importer.summary().refused.front();
  return {Again::Kind::refused, refused.code, without_names(refused.message)};
}

std::optional<std::int64_t> Intake::bytes_of(const codec::DeadLetter& letter) {
  std::optional<std::int64_t> bytes;
  static_cast<void>(read_again(letter, [&](const ports::Message& message) {
    bytes = message.value ? static_cast<std::int64_t>(message.value->size()) : 0;
  }));
  return bytes;
}

// What stands there and was sent at another time is another message: the topic was made again.
bool Intake::read_again(const codec::DeadLetter& letter, const ports::MessageSink& sink) {
  if (letter.topic != inbox_.topic()) return false;
  bool same = false;
  static_cast<void>(inbox_.read_again(ports::Partition{letter.partition},
                                      ports::Offset{letter.offset},
                                      [&](const ports::Message& message) {
                                        same = message.sent_at == letter.sent_at;
                                        if (same) sink(message);
                                      }));
  return same;
}

}  // namespace infra::ingest
