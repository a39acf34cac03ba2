#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/strong.h"
#include "domain/core/uuid.h"

namespace patient {

// The patient's name in the log: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`. An id of digits alone is
// canonical (1 … 2^53 − 1, no leading zero) and is a number in JSON.
class PatientId {
 public:
  [[nodiscard]] static std::optional<PatientId> parse(std::string_view text);
  // `number` is 1 … 2^53 − 1.
  [[nodiscard]] static PatientId numbered(std::int64_t number);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // The number, when the id consists of digits.
  [[nodiscard]] std::optional<std::int64_t> number() const noexcept;

  friend auto operator<=>(const PatientId&, const PatientId&) = default;

 private:
  explicit PatientId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// 1 … 2^53 − 1, so that every JSON reader keeps it exactly.
inline constexpr std::int64_t kNumberMax = (std::int64_t{1} << 53) - 1;

using TherapistId = core::Strong<std::int64_t, struct TherapistIdTag>;

// 1, 2, 3 … per patient, without gaps. 0: nothing has happened yet.
using Sequence = core::Strong<std::int64_t, struct SequenceTag>;
[[nodiscard]] constexpr Sequence following(Sequence sequence) {
  return Sequence{sequence.get() + 1};
}

using EventId = core::Strong<core::Uuid, struct EventIdTag>;
using CommandId = core::Strong<core::Uuid, struct CommandIdTag>;
using CorrelationId = core::Strong<core::Uuid, struct CorrelationIdTag>;

// 64 bits of a SHA-256, made at the edge (infra/codec): equal content has equal digests.
using Digest = core::Strong<std::uint64_t, struct DigestTag>;

}  // namespace patient

template <>
struct std::hash<patient::PatientId> {
  std::size_t operator()(const patient::PatientId& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
