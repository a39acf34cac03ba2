#include "infra/rest/commanding.h"

#include <algorithm>
#include <charconv>

#include "domain/core/match.h"
#include "infra/codec/digest.h"
#include "infra/codec/submission_answers.h"
#include "infra/rest/reading.h"
#include "infra/rest/writer_over_http.h"

namespace infra::rest {
namespace {

using service::ProblemCode;

constexpr std::size_t kKeyMax = 200;

bool is_printable(std::string_view text) {
  return !text.empty() && text.size() <= kKeyMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<core::Uuid> uuid_of_hex(std::string_view hex) {
  if (hex.size() < 32) return std::nullopt;
  std::string text;
  for (std::size_t at = 0; at < 32; ++at) {
    if (at == 8 || at == 12 || at == 16 || at == 20) text += '-';
    text += hex[at];
  }
  return core::Uuid::parse(text);
}

// The name itself when it is a UUID, else one that follows from it (RFC 9562, version 8). Frozen:
// a client that repeats a request after an update of ours must not do it twice.
core::Uuid uuid_for(std::string_view name) {
  if (const auto uuid = core::Uuid::parse(name)) return *uuid;
  core::Uuid uuid = *uuid_of_hex(codec::sha256_hex(name));
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x80U);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
  return uuid;
}

// `00-<32 hex>-<16 hex>-<2 hex>` (W3C Trace Context): the trace's id.
std::optional<core::Uuid> trace_of(std::string_view traceparent) {
  constexpr std::size_t kLength = 55;
  if (traceparent.size() < kLength || traceparent[2] != '-' || traceparent[35] != '-')
    return std::nullopt;
  const auto trace = uuid_of_hex(traceparent.substr(3, 32));
  return trace == core::Uuid{} ? std::nullopt : trace;
}

handling::Expect expect_of(const http::Request& request) {
  const auto tag = request.header("if-match");
  if (!tag) return handling::ExpectAny{};
  if (*tag == "*") return handling::ExpectExists{};
  std::int64_t sequence = 0;
  if (tag->size() > 2 && tag->front() == '"' && tag->back() == '"') {
    const char* end = tag->data() + tag->size() - 1;
    const auto [stopped, error] = std::from_chars(tag->data() + 1, end, sequence);
    if (error == std::errc{} && stopped == end && sequence >= 0)
      return handling::ExpectUnchanged{patient::Sequence{sequence}};
  }
  decline({ProblemCode::usage, "If-Match is one ETag that this service gave, or *"});
}

http::Response answer_to(const handling::Answer& answer,
                         const Commanding::Shape& shape,
                         const std::function<std::string(const handling::Position&)>& token,
                         const patient::CommandId& command_id) {
  return core::match(
      answer,
      [&](const handling::Done& done) {
        http::Response response = shape(done);
        if (done.position) response.headers.push_back({"Kartei-Position", token(*done.position)});
        if (done.deduplicated) response.headers.push_back({"Idempotency-Replayed", "true"});
        return response;
      },
      [](const patient::Refusal& refusal) {
        return answer_of(as_clients_know_it(service::problem_of(refusal)));
      },
      [&](const handling::OutcomeUnknown& unknown) {
        return answer_of({ProblemCode::outcome_unknown, unknown.why + repeated_with(command_id)});
      });
}

http::Response too_many() {
  return refusal(503, "busy", "too many commands are waiting; nothing was appended, try again");
}

}  // namespace

patient::CommandId Commanding::command_id_of(Call& call) const {
  if (call.command_id) return *call.command_id;
  const auto key = call.request.header("idempotency-key");
  if (key && !is_printable(*key)) {
    decline({ProblemCode::usage,
             "Idempotency-Key is 1 to 200 printable ASCII characters, such as a UUID"});
  }
  call.command_id = patient::CommandId{key ? uuid_for(*key) : ids_.random()};
  return *call.command_id;
}

void Commanding::submit(std::shared_ptr<Call> call,
                        std::optional<patient::PatientId> id,
                        patient::Command command,
                        Shape shape) const {
  const http::Request& request = call->request;
  const patient::CommandId command_id = command_id_of(*call);
  handling::Expect expect = expect_of(request);
  const auto correlation = request.header("x-correlation-id");
  const auto traceparent = request.header("traceparent");
  if (correlation && !is_printable(*correlation)) {
    decline({ProblemCode::usage, "X-Correlation-Id is 1 to 200 printable ASCII characters"});
  }
  std::optional<core::Uuid> part_of;
  if (correlation) part_of = uuid_for(*correlation);
  if (!part_of && traceparent) part_of = trace_of(*traceparent);
  if (!part_of) part_of = ids_.random();

  const std::string elsewhere =
      Forwarding::was_forwarded(request) ? std::string{} : host_.writer_elsewhere();
  if (!elsewhere.empty())
    return forwarding_.forward(elsewhere, std::move(call), command_id, *part_of);

  const patient::Digest digest = codec::command_digest(id, command);
  std::vector<handling::Submission> group;
  group.push_back({command_id,
                   digest,
                   std::move(id),
                   std::move(command),
                   expect,
                   call->who.name,
                   patient::CorrelationId{*part_of}});
  const auto answered = [call, shape = std::move(shape), part_of, command_id, this](
                            service::CommandQueue::Answers answers) {
    const auto* broken = std::get_if<std::exception_ptr>(&answers);
    http::Response response =
        broken != nullptr ? answer_of(*broken, complain_)
                          : answer_to(
                                std::get<std::vector<handling::Answer>>(answers).front(),
                                shape,
                                [this](const auto& position) { return host_.token(position); },
                                command_id);
    response.headers.push_back({"X-Correlation-Id", part_of->text()});
    call->answer(std::move(response));
  };
  if (!host_.submit(std::move(group), answered)) call->answer(too_many());
}

void Commanding::submit(std::shared_ptr<Call> call,
                        std::vector<handling::Submission> submissions) const {
  const auto answered = [call, this](service::CommandQueue::Answers answers) {
    if (const auto* broken = std::get_if<std::exception_ptr>(&answers))
      return call->answer(answer_of(*broken, complain_));
    http::Response response;
    response.content_type = kCommandsType;
    response.body = codec::encode_answers(std::get<std::vector<handling::Answer>>(answers));
    call->answer(std::move(response));
  };
  if (!host_.submit(std::move(submissions), answered)) call->answer(too_many());
}

}  // namespace infra::rest
