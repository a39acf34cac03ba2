#include "infra/rest/answers.h"

#include "domain/core/broken.h"
#include "infra/codec/json.h"

namespace infra::rest {
namespace {

using core::Raw;
using service::ProblemCode;

http::Response problem_document(int status,
                                std::string_view code,
                                std::string_view message,
                                const Raw::Object& details) {
  Raw::Object object{{"type", Raw{std::string{"about:blank"}}},
                     {"title", Raw{std::string{http::title_of(status)}}},
                     {"status", Raw{std::int64_t{status}}},
                     {"code", Raw{std::string{code}}},
                     {"message", Raw{std::string{message}}},
                     {"detail", Raw{std::string{message}}}};
  object.insert(object.end(), details.begin(), details.end());
  http::Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = codec::write_json(Raw{std::move(object)});
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace

int status_of(ProblemCode code) {
  switch (code) {
    case ProblemCode::usage:
    case ProblemCode::invalid: return 400;
    case ProblemCode::not_found: return 404;
    case ProblemCode::quarantined:
    case ProblemCode::registration_changed:
    case ProblemCode::already_exists:
    case ProblemCode::command_id_reused: return 409;
    case ProblemCode::deleted: return 410;
    case ProblemCode::wrong_expected_sequence: return 412;
    case ProblemCode::locked:
    case ProblemCode::rebuilding:
    case ProblemCode::broker_unavailable: return 503;
    case ProblemCode::timeout:
    case ProblemCode::outcome_unknown: return 504;
    case ProblemCode::internal:
    case ProblemCode::io:
    case ProblemCode::corrupt:
    case ProblemCode::log_mismatch: return 500;
  }
  return 500;
}

service::Problem as_clients_know_it(service::Problem problem) {
  if (problem.code == ProblemCode::not_found) problem.message = kPatientNotFound;
  return problem;
}

service::Problem as_asked(service::Problem problem) {
  if (problem.code == ProblemCode::log_mismatch) problem.code = ProblemCode::usage;
  return problem;
}

http::Response answer_of(const service::Problem& problem) {
  return problem_document(
      status_of(problem.code), name(problem.code), problem.message, problem.details);
}

http::Response answer_of(const std::exception_ptr& broken, const Complain& complain) {
  try {
    std::rethrow_exception(broken);
  } catch (const core::Broken& machinery) {
    service::Problem problem = service::problem_of(machinery);
    if (problem.code == ProblemCode::locked)
      return answer_of(problem);  // Who writes, and what now.
    complain(problem.message);
    problem.message =
        problem.code == ProblemCode::broker_unavailable
            ? "the log cannot be reached now; nothing was appended, try again"
            : "something broke and nothing was changed; the service's own log says what";
    return answer_of(problem);
  } catch (const std::exception& defect) {
    complain(std::string{"a request met a defect: "} + defect.what());
    return answer_of({ProblemCode::internal, "this is a defect of Kartei; tell its operator"});
  }
}

http::Response refusal(int status, std::string_view code, std::string_view message) {
  return problem_document(status, code, message, {});
}

std::string repeated_with(const patient::CommandId& command_id) {
  return "; sending it again with Idempotency-Key: " + command_id.get().text() + " is safe";
}

http::Response document(const Raw& raw, int status) {
  return document(codec::write_json(raw), status);
}

http::Response document(std::string json, int status) {
  http::Response response;
  response.status = status;
  response.body = std::move(json);
  return response;
}

http::Response document(const service::Answered& answered, const Raw& raw) {
  http::Response response = document(raw);
  if (answered.position) response.headers.push_back({"Kartei-Position", *answered.position});
  response.headers.push_back({"Kartei-Lag-Events", std::to_string(answered.lag_events)});
  return response;
}

std::string entity_tag(patient::Sequence without_contacts) {
  return '"' + std::to_string(without_contacts.get()) + '"';
}

const Raw& member(const Raw& object, std::string_view name) {
  static const Raw kNull{Raw::Null{}};
  if (const auto* members = object.as<Raw::Object>()) {
    for (const auto& [key, value] : *members) {
      if (key == name) return value;
    }
  }
  return kNull;
}

}  // namespace infra::rest
