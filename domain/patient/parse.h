#pragma once

#include <map>
#include <optional>
#include <string>

#include "domain/core/raw.h"
#include "domain/core/result.h"
#include "domain/patient/commands.h"

// From what a client sent to a command, once, at the edge. Refusals name every wrong key at once.
namespace patient {

// Key → what is wrong with it, as a sentence that never repeats what was sent.
using FieldErrors = std::map<std::string, std::string>;

struct CreateRequest {
  std::optional<PatientId> id;  // when the client names one
  Create command;
};

// `document` is an object with settable keys; `id`, `status` and `ausgeschlossene_therapeuten` may
// be among them. Derived keys are ignored, unknown ones refused, required ones demanded.
[[nodiscard]] core::Result<CreateRequest, FieldErrors> parse_create(const core::Raw& document);

// The same for an update of `addressed`: nothing is demanded, an `id` must be that patient's own.
[[nodiscard]] core::Result<Update, FieldErrors> parse_update(const PatientId& addressed,
                                                             const core::Raw& document);

// {"status": …}.
[[nodiscard]] core::Result<ChangeStatus, FieldErrors> parse_status_change(
    const core::Raw& document);

// {"reason"?: text or null}.
[[nodiscard]] core::Result<ExcludeTherapist, FieldErrors> parse_exclusion(
    TherapistId therapist, const core::Raw& document);

// A contact as a clerk notes it: {"at", "channel"?, "source"?}. Where it is known from without a
// source is for the edge to say, which knows the command.
struct NotedContact {
  core::Timestamp at;
  Channel channel = Channel::other;
  std::optional<std::string> source;
};
[[nodiscard]] core::Result<NotedContact, FieldErrors> parse_contact(const core::Raw& document);

// An id as a client writes it: text, or a number.
[[nodiscard]] std::optional<PatientId> parse_id(const core::Raw& raw);
// A therapist's number as a person types it: digits, 1 … 2^53 − 1.
[[nodiscard]] std::optional<TherapistId> parse_therapist(std::string_view digits);

}  // namespace patient
