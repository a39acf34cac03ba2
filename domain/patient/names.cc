#include <algorithm>
#include <array>
#include <charconv>

#include "domain/core/expects.h"
#include "domain/patient/decider.h"
#include "domain/patient/ids.h"

namespace patient {
namespace {

using std::string_view;

constexpr std::array<string_view, kStatusCount> kStatuses{"offen",
                                                          "auf_der_Suche",
                                                          "in_Therapie",
                                                          "Therapie_abgeschlossen",
                                                          "Suche_abgebrochen",
                                                          "Therapie_abgebrochen"};
constexpr std::array<string_view, 3> kChannels{"email", "phone", "other"};
constexpr std::array<string_view, 3> kDirections{"unknown", "outgoing", "incoming"};
constexpr std::array<string_view, kEventTypeCount> kEventTypes{"created",
                                                               "updated",
                                                               "status_changed",
                                                               "therapist_excluded",
                                                               "therapist_exclusion_revoked",
                                                               "contact_recorded",
                                                               "deleted",
                                                               "erased",
                                                               "restated"};
constexpr std::array<string_view, 8> kRefusalCodes{"invalid",
                                                   "not_found",
                                                   "already_exists",
                                                   "deleted",
                                                   "quarantined",
                                                   "registration_changed",
                                                   "wrong_expected_sequence",
                                                   "command_id_reused"};

constexpr std::size_t kIdLengthMax = 64;

template <class Enum, std::size_t Count>
std::optional<Enum> find(const std::array<string_view, Count>& names, string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Nothing when the digits are not the canonical writing of 1 … 2^53 − 1.
std::optional<std::int64_t> canonical_number(string_view digits) {
  if (digits.empty() || digits.front() == '0') return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (number > kNumberMax) return std::nullopt;
  return number;
}

}  // namespace

string_view name(Status status) { return kStatuses.at(static_cast<std::size_t>(status)); }
string_view name(Channel channel) { return kChannels.at(static_cast<std::size_t>(channel)); }
string_view name(Direction direction) {
  return kDirections.at(static_cast<std::size_t>(direction));
}
string_view name(EventType type) { return kEventTypes.at(static_cast<std::size_t>(type)); }
string_view name(RefusalCode code) { return kRefusalCodes.at(static_cast<std::size_t>(code)); }

std::optional<Status> parse_status(string_view text) { return find<Status>(kStatuses, text); }
std::optional<Channel> parse_channel(string_view text) { return find<Channel>(kChannels, text); }
std::optional<Direction> parse_direction(string_view text) {
  return find<Direction>(kDirections, text);
}

std::string known_statuses() {
  std::string names;
  for (const string_view status : kStatuses) {
    if (!names.empty()) names += ", ";
    names += status;
  }
  return names;
}

std::optional<PatientId> PatientId::parse(string_view text) {
  if (text.empty() || text.size() > kIdLengthMax || !is_alphanumeric(text.front()))
    return std::nullopt;
  const bool allowed = std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
  if (!allowed) return std::nullopt;
  const bool digits = std::all_of(text.begin(), text.end(), is_digit);
  if (digits && !canonical_number(text)) return std::nullopt;
  return PatientId{std::string{text}};
}

PatientId PatientId::numbered(std::int64_t number) {
  core::expects(number >= 1 && number <= kNumberMax, "a patient's number is 1 … 2^53 − 1");
  return PatientId{std::to_string(number)};
}

std::optional<std::int64_t> PatientId::number() const noexcept { return canonical_number(text_); }

}  // namespace patient
