#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/dead_letter_topic.h"
#include "infra/codec/dead_letter.h"

namespace infra::ingest {

// The dead letters as they stand: each once, by its coordinates. Used by one thread; throws
// core::Broken.
class DeadLetters {
 public:
  explicit DeadLetters(std::unique_ptr<ports::DeadLetterTopic> topic) : topic_(std::move(topic)) {}

  // Keeps those that are not there yet, and returns when they are. One that an operator has decided
  // about stays decided.
  void add(std::span<const codec::DeadLetter> letters);
  // Puts `letter`, which has its number, in the place of what is known of it.
  void replace(const codec::DeadLetter& letter);

  // Every one has its number; in the order of the numbers.
  [[nodiscard]] std::vector<codec::DeadLetter> all();
  [[nodiscard]] std::optional<codec::DeadLetter> find(std::int64_t number);

 private:
  void read_on();
  void take(const ports::Record& record);

  std::unique_ptr<ports::DeadLetterTopic> topic_;
  std::map<std::string, codec::DeadLetter> letters_;  // by key
};

}  // namespace infra::ingest
