#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/core/copy_on_write.h"
#include "domain/core/raw.h"
#include "domain/core/result.h"
#include "domain/core/time.h"
#include "domain/patient/ids.h"
#include "domain/patient/keys.h"

namespace patient {

enum class Status : std::uint8_t {
  offen,
  auf_der_suche,
  in_therapie,
  therapie_abgeschlossen,
  suche_abgebrochen,
  therapie_abgebrochen,
};
inline constexpr std::size_t kStatusCount = 6;
// Exactly as the wire spells it: `auf_der_Suche`, `in_Therapie`, …
[[nodiscard]] std::string_view name(Status status);
[[nodiscard]] std::optional<Status> parse_status(std::string_view text);
// All six names, for messages: "offen, auf_der_Suche, …".
[[nodiscard]] std::string known_statuses();

// When a patient has time: for each day, Monday first, slots of minutes since midnight.
struct Slot {
  std::int16_t from = 0;
  std::int16_t to = 0;  // always behind `from`
  friend auto operator<=>(const Slot&, const Slot&) = default;
};
struct Availability {
  // Seven days, of which some were named; a day may be named with no slot at all. On the heap: most
  // values are none of these, and a patient has 36 of them.
  std::vector<std::optional<std::vector<Slot>>> days = decltype(days)(7);
  friend bool operator==(const Availability&, const Availability&) = default;
};

// How far a patient travels.
struct Radius {
  std::int32_t max_km = 0;
  friend auto operator<=>(const Radius&, const Radius&) = default;
};

using Symptoms = std::vector<std::string>;      // Each one of the thirty, none twice.
using TherapistIds = std::vector<TherapistId>;  // Ascending, none twice.
using None = std::monostate;                    // null

// The value of one key. Whoever holds one made by `parse` knows that it fits the key.
using Value = std::variant<None,
                           bool,
                           std::string,
                           core::Date,
                           Status,
                           Symptoms,
                           Availability,
                           Radius,
                           TherapistIds>;

[[nodiscard]] inline bool is_null(const Value& value) {
  return std::holds_alternative<None>(value);
}

// Whether `value` has the alternative that `key` asks for (null only where the key may be null).
// For values that come back from disk: cheaper than parsing again.
[[nodiscard]] bool fits(Key key, const Value& value);

// Checks what a client sent for `key`. The error is a sentence for that client: it says what is
// wrong and lists the known values, and never repeats what was sent.
[[nodiscard]] core::Result<Value, std::string> parse(Key key, const core::Raw& raw);

// The same value as JSON says it.
[[nodiscard]] core::Raw to_raw(const Value& value);

// The value a key has when nobody has given one: null, false, `offen`, `Egal`, …
[[nodiscard]] Value default_of(Key key);

// One value per key: the patient as clients know it, but for `id` and
// `ausgeschlossene_therapeuten`, which live beside it. Copies share what neither has changed: a
// command changes few keys, and its states before and after it are both kept.
class Fields {
 public:
  Fields();  // every key at its default
  [[nodiscard]] const Value& operator[](Key key) const {
    return groups_[index(key) / kGroupSize].get()[index(key) % kGroupSize];
  }
  void set(Key key, Value value) {
    groups_[index(key) / kGroupSize].own()[index(key) % kGroupSize] = std::move(value);
  }
  [[nodiscard]] Status status() const { return std::get<Status>((*this)[Key::status]); }
  [[nodiscard]] bool flag(Key key) const { return std::get<bool>((*this)[key]); }
  friend bool operator==(const Fields&, const Fields&) = default;

 private:
  static constexpr std::size_t kGroupSize = 6;
  static_assert(kKeyCount % kGroupSize == 0);
  using Group = std::array<Value, kGroupSize>;
  using Groups = std::array<core::CopyOnWrite<Group>, kKeyCount / kGroupSize>;

  static std::size_t index(Key key) { return static_cast<std::size_t>(key) - 1; }
  static const Groups& defaults();

  Groups groups_;
};

}  // namespace patient
