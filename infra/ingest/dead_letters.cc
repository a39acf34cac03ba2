#include "infra/ingest/dead_letters.h"

#include <algorithm>
#include <utility>

#include "domain/core/expects.h"

namespace infra::ingest {

using codec::DeadLetter;

void DeadLetters::add(std::span<const DeadLetter> letters) {
  if (letters.empty()) return;
  read_on();
  std::vector<ports::DeadLetterTopic::Entry> entries;
  for (const DeadLetter& letter : letters) {
    std::string key = key_of(letter);
    const auto known = letters_.find(key);
    // A message of another time at the same place: the topic was made again.
    if (known != letters_.end() && known->second.sent_at == letter.sent_at) continue;
    entries.push_back({std::move(key), encode(letter)});
  }
  if (!entries.empty()) topic_->put(entries);
}

void DeadLetters::replace(const DeadLetter& letter) {
  core::expects(letter.number.has_value(), "a dead letter that is kept has its number");
  const ports::DeadLetterTopic::Entry entry{key_of(letter), encode(letter)};
  topic_->put({&entry, 1});
}

std::vector<DeadLetter> DeadLetters::all() {
  read_on();
  std::vector<DeadLetter> all;
  for (const auto& [key, letter] : letters_) all.push_back(letter);
  std::sort(all.begin(), all.end(), [](const DeadLetter& one, const DeadLetter& other) {
    return one.number < other.number;
  });
  return all;
}

std::optional<DeadLetter> DeadLetters::find(std::int64_t number) {
  read_on();
  for (const auto& [key, letter] : letters_) {
    if (letter.number == number) return letter;
  }
  return std::nullopt;
}

void DeadLetters::read_on() {
  topic_->read_on([this](const ports::Record& record) { take(record); });
}

// The first record's place names the letter, so that two processes never give one number twice.
// Later ones repeat it: compaction removes the first.
void DeadLetters::take(const ports::Record& record) {
  if (!record.value) {
    letters_.erase(std::string{record.key});
    return;
  }
  auto letter = codec::decode_dead_letter(*record.value);
  if (!letter || key_of(*letter) != record.key) return;  // None of ours.
  const auto known = letters_.find(key_of(*letter));
  const bool again = known != letters_.end() && known->second.sent_at == letter->sent_at;
  if (!letter->number) letter->number = again ? known->second.number : record.offset.get() + 1;
  letters_[key_of(*letter)] = std::move(*letter);
}

}  // namespace infra::ingest
