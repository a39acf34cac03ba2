#include "infra/service/parts.h"

// What other services send, and what of it could not be taken in.
namespace infra::service {
namespace {

using codec::DeadLetter;
using codec::Decision;
using core::Failure;
using core::Raw;

Raw text(std::string_view value) { return Raw{std::string{value}}; }

Raw::Object described(const DeadLetter& letter) {
  return {{"number", Raw{*letter.number}},
          {"topic", Raw{letter.topic}},
          {"partition", Raw{std::int64_t{letter.partition}}},
          {"offset", Raw{letter.offset}},
          {"code", Raw{letter.code}},
          {"message", Raw{letter.message}},
          {"since", Raw{core::format(letter.since)}},
          {"decision", letter.decision ? text(name(*letter.decision)) : Raw{Raw::Null{}}}};
}

bool is_open(const DeadLetter& letter) {
  return !letter.decision || letter.decision == Decision::requested;
}

Problem no_such_letter(std::int64_t number) {
  return {ProblemCode::not_found, "there is no dead letter " + std::to_string(number)};
}

// The code that the intake was refused with, as far as it is one of ours.
ProblemCode code_of(const std::string& name_of_code) {
  for (const ProblemCode code : {ProblemCode::quarantined, ProblemCode::deleted}) {
    if (name(code) == name_of_code) return code;
  }
  return ProblemCode::invalid;
}

// None: only a log on Kafka has any.
Outcome<DeadLetter> find(Incoming* incoming, std::int64_t number) {
  const auto letter = incoming != nullptr ? incoming->dead_letters.find(number) : std::nullopt;
  if (!letter) return Failure{no_such_letter(number)};
  return *letter;
}

}  // namespace

ingest::Intake::Step Kartei::take_in(const ingest::Intake::Handle& handle) {
  Incoming* incoming = parts_->incoming();
  core::expects(incoming != nullptr, "only a log on Kafka takes messages in");
  return incoming->intake.step(handle);
}

Raw Kartei::dead_letters() {
  Raw::Array rows;
  Incoming* incoming = parts_->incoming();
  if (incoming == nullptr) return Raw{std::move(rows)};
  for (const DeadLetter& letter : incoming->dead_letters.all()) {
    if (is_open(letter)) rows.push_back(Raw{described(letter)});
  }
  return Raw{std::move(rows)};
}

Outcome<Raw> Kartei::dead_letter(std::int64_t number) {
  Incoming* incoming = parts_->incoming();
  const auto letter = find(incoming, number);
  if (!letter) return Failure{letter.error()};
  Raw::Object object = described(letter.value());
  const auto& decided_at = letter.value().decided_at;
  object.emplace_back("decided_at", decided_at ? Raw{core::format(*decided_at)} : Raw{Raw::Null{}});
  object.emplace_back("sent_at", Raw{core::format(letter.value().sent_at)});
  const auto bytes = incoming->intake.bytes_of(letter.value());
  object.emplace_back("in_topic", Raw{bytes.has_value()});
  object.emplace_back("bytes", bytes ? Raw{*bytes} : Raw{Raw::Null{}});
  return Raw{std::move(object)};
}

Outcome<Raw> Kartei::release_dead_letter(std::int64_t number) {
  using Kind = ingest::Intake::Again::Kind;
  Incoming* incoming = parts_->incoming();
  auto found = find(incoming, number);
  if (!found) return Failure{found.error()};
  DeadLetter letter = std::move(found).value();
  if (letter.decision == Decision::released) return Raw{described(letter)};
  ingest::Intake::Again again{};
  try {
    again =
        incoming->intake.release(letter, [this](auto submissions) { return handle(submissions); });
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::locked) throw;
    letter.decision = Decision::requested;  // Who writes sees it, and does it.
    incoming->dead_letters.replace(letter);
    return Raw{described(letter)};
  }
  switch (again.kind) {
    case Kind::taken: return Raw{described(letter)};
    case Kind::refused:
      return Failure{Problem{code_of(again.code), "it is still refused: " + again.message}};
    case Kind::gone: break;
  }
  return Failure{Problem{
      ProblemCode::not_found,
      again.message + "; `kartei dead-letters evict " + std::to_string(number) + "` gives it up"}};
}

Outcome<Raw> Kartei::evict_dead_letter(std::int64_t number) {
  Incoming* incoming = parts_->incoming();
  auto found = find(incoming, number);
  if (!found) return Failure{found.error()};
  DeadLetter letter = std::move(found).value();
  if (letter.decision == Decision::released) {
    return Failure{Problem{
        ProblemCode::invalid,
        "dead letter " + std::to_string(number) + " was released: its message is taken in"}};
  }
  if (letter.decision == Decision::evicted) return Raw{described(letter)};
  letter.decision = Decision::evicted;
  letter.decided_at = parts_->surroundings.clock.now();
  incoming->dead_letters.replace(letter);
  return Raw{described(letter)};
}

}  // namespace infra::service
