#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"

namespace infra::codec {

// What an operator decided about a dead letter. Requested: to be released by the process that
// writes the log, which was not the operator's; it is open until then.
enum class Decision { released, evicted, requested };
[[nodiscard]] std::string_view name(Decision decision);

// Points to a message of another service that could not be taken in. It holds nothing of the
// message: whoever may read that reads it where it lies.
struct DeadLetter {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  core::Timestamp sent_at;
  std::string code;     // of the refusal
  std::string message;  // repeats nothing of what was sent
  core::Timestamp since;
  std::optional<Decision> decision = std::nullopt;  // none: open
  std::optional<core::Timestamp> decided_at = std::nullopt;
  // What people call it. None in its first record, which names it by where that came to lie.
  std::optional<std::int64_t> number = std::nullopt;
  friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

// The coordinates as text: `communication-events/3/17`.
[[nodiscard]] std::string key_of(const DeadLetter& letter);

// The value of its record, JSON; frozen, as everything that is kept with the log.
[[nodiscard]] std::string encode(const DeadLetter& letter);
// None: these bytes are none of ours, or a later version's.
[[nodiscard]] std::optional<DeadLetter> decode_dead_letter(std::string_view bytes);

}  // namespace infra::codec
