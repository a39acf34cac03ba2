#include "infra/rest/forwarding.h"

#include "infra/access/listening.h"

namespace infra::rest {
namespace {

using metrics::ForwardOutcome;
using service::ProblemCode;

constexpr const char* kForwarded = "Kartei-Forwarded";

http::Request forwarded(const http::Request& from,
                        const patient::CommandId& command_id,
                        const core::Uuid& correlation) {
  http::Request request;
  request.method = from.method;
  request.target = from.target;
  request.body = from.body;
  for (const char* name : {"Authorization", "Content-Type", "If-Match"}) {
    if (const auto value = from.header(name))
      request.headers.push_back({name, std::string{*value}});
  }
  request.headers.push_back({"Idempotency-Key", command_id.get().text()});
  request.headers.push_back({"X-Correlation-Id", correlation.text()});
  request.headers.push_back({kForwarded, "1"});
  return request;
}

http::Response problem_of(bool may_have_arrived, const patient::CommandId& command_id) {
  if (may_have_arrived) {
    return answer_of({ProblemCode::outcome_unknown,
                      "the process that writes was asked and did not answer; the change may have "
                      "been made" +
                          repeated_with(command_id)});
  }
  return answer_of({ProblemCode::locked,
                    "this process is a standby, and the one that has its turn to write cannot be "
                    "reached now; nothing was appended, try again"});
}

}  // namespace

ForwardOutcome outcome_of(const std::variant<http::Response, http::NoAnswer>& answer) {
  const auto* none = std::get_if<http::NoAnswer>(&answer);
  if (none == nullptr) return ForwardOutcome::answered;
  return none->may_have_arrived ? ForwardOutcome::unknown : ForwardOutcome::unreachable;
}

bool Forwarding::was_forwarded(const http::Request& request) {
  return request.header(kForwarded).has_value();
}

void Forwarding::forward(const std::string& address,
                         std::shared_ptr<Call> call,
                         const patient::CommandId& command_id,
                         const core::Uuid& correlation) {
  const auto origin = http::Origin::parse(address);
  if (!origin || !access::keeps_private(*origin)) {  // Whoever wrote that address.
    metrics_.forwarded(ForwardOutcome::unreachable);
    return call->answer(problem_of(false, command_id));
  }
  const auto answered =
      [this, call, command_id, correlation](std::variant<http::Response, http::NoAnswer> answer) {
        metrics_.forwarded(outcome_of(answer));
        const auto* none = std::get_if<http::NoAnswer>(&answer);
        tell_trouble(none == nullptr ? "" : none->why);
        if (none == nullptr) return call->answer(std::get<http::Response>(std::move(answer)));
        http::Response problem = problem_of(none->may_have_arrived, command_id);
        problem.headers.push_back({"X-Correlation-Id", correlation.text()});
        call->answer(std::move(problem));
      };
  if (client_.send(*origin, forwarded(call->request, command_id, correlation), answered)) return;
  metrics_.forwarded(ForwardOutcome::busy);
  call->answer(refusal(
      503, "busy", "too many changes are being passed on; nothing was appended, try again"));
}

// Once, not for every change that meets it.
void Forwarding::tell_trouble(const std::string& why) {
  if (why == trouble_) return;
  trouble_ = why;
  if (!why.empty()) complain_("the writer does not answer what is passed on to it: " + why);
}

}  // namespace infra::rest
