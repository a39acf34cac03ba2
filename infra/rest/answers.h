#pragma once

#include <exception>
#include <functional>
#include <string>
#include <string_view>

#include "domain/core/raw.h"
#include "infra/http/message.h"
#include "infra/service/kartei.h"
#include "infra/service/problem.h"

// How answers look: documents, and RFC 9457 problem documents that keep the original's `message`.
namespace infra::rest {

// What Curavani's clients know a patient's absence by.
inline constexpr std::string_view kPatientNotFound = "Patient not found";

[[nodiscard]] int status_of(service::ProblemCode code);

// The same problem in the original's words, where its clients know it by them.
[[nodiscard]] service::Problem as_clients_know_it(service::Problem problem);

// A position of another log is the client's mistake: where it is a problem and no exception, only
// that mismatches.
[[nodiscard]] service::Problem as_asked(service::Problem problem);

// {"type", "title", "status", "code", "message", …details}; with Retry-After where trying again
// helps.
[[nodiscard]] http::Response answer_of(const service::Problem& problem);
// What broke, in words that tell a client what to do and nothing of files and addresses; those are
// the operator's, and `complain` is told.
using Complain = std::function<void(std::string_view)>;
[[nodiscard]] http::Response answer_of(const std::exception_ptr& broken, const Complain& complain);
// The same for what only HTTP knows: `busy`, `unauthorized`, `method_not_allowed`, …
[[nodiscard]] http::Response refusal(int status, std::string_view code, std::string_view message);

// How whoever does not know what came of a command finds out: the end of a sentence.
[[nodiscard]] std::string repeated_with(const patient::CommandId& command_id);

[[nodiscard]] http::Response document(const core::Raw& raw, int status = 200);
// The same, written already.
[[nodiscard]] http::Response document(std::string json, int status);
// The document of a question, with the position that it has seen.
[[nodiscard]] http::Response document(const service::Answered& answered, const core::Raw& raw);

// "17", the tag of a patient whose last event that is not a contact has that sequence.
[[nodiscard]] std::string entity_tag(patient::Sequence without_contacts);

// The member of an object; null when it is not there.
[[nodiscard]] const core::Raw& member(const core::Raw& object, std::string_view name);

}  // namespace infra::rest
