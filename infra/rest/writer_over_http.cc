#include "infra/rest/writer_over_http.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <mutex>
#include <utility>

#include "domain/core/broken.h"
#include "domain/handling/batch.h"
#include "infra/access/listening.h"
#include "infra/codec/json.h"
#include "infra/codec/submission_answers.h"
#include "infra/codec/submissions.h"
#include "infra/rest/answers.h"
#include "infra/rest/forwarding.h"

namespace infra::rest {
namespace {

using core::Breakage;
using core::Broken;
using handling::Answer;
using handling::OutcomeUnknown;
using handling::Submission;
using Answered = std::variant<http::Response, http::NoAnswer>;

// As many states as come together, each of a record.
constexpr std::size_t kAnswersBytesMax = kCommandsTogetherMax * (ports::kRecordBytesMax + 100'000);
constexpr const char* kNobodyKnows =
    "the process that writes was asked and did not answer; the change may have been made";

http::ClientOptions with_room(http::ClientOptions options) {
  options.answer_bytes = kAnswersBytesMax;
  return options;
}

Broken no_safe_address() {
  return Broken(Breakage::locked,
                "this process is a standby, and the one that has its turn to write says no address "
                "that is safe; nothing was appended, ask that one");
}

std::vector<Answer> unknown(std::size_t count) {
  return std::vector<Answer>(count, OutcomeUnknown{kNobodyKnows});
}

std::string text_at(const core::Raw& document, std::string_view name) {
  const auto* text = member(document, name).as<std::string>();
  return text == nullptr ? "" : *text;
}

Answered answer_in(std::future<Answered> future) {
  try {
    return future.get();
  } catch (const std::future_error&) {
    return http::NoAnswer{true, "this process stops"};
  }
}

// What an answer says that nothing was done; none: it does not say that.
std::optional<Broken> what_was_broken(const http::Response& response, bool has_token) {
  const auto document = codec::read_json(response.body);
  const std::string code = document ? text_at(document.value(), "code") : "";
  const std::string message = document ? text_at(document.value(), "message") : "";
  switch (response.status) {
    case 401:
    case 403:
      return Broken(
          Breakage::locked,
          std::string{has_token ? "the process that writes does not take the token of this one "
                                : "the process that writes takes changes with a token alone "} +
              "(--writer-token-file: one of the role operator there); nothing was "
              "appended");
    case 404:
    case 405:
      return Broken(Breakage::locked,
                    "the process that writes is of another version, and takes no commands from "
                    "this one; nothing was appended, ask that one");
    case 400:
    case 413:
    case 415:
    case 503:
      if (code.empty()) return std::nullopt;
      return Broken(code == "broker_unavailable" ? Breakage::broker_unavailable : Breakage::locked,
                    "the process that writes took none of it: " + message);
    case 500:
      if (code != "io" && code != "corrupt" && code != "log_mismatch") return std::nullopt;
      return Broken(Breakage::io, "where the process that writes is, " + message);
    default: return std::nullopt;
  }
}

}  // namespace

struct WriterOverHttp::Message {
  std::string bytes;
  std::size_t count;
};

WriterOverHttp::WriterOverHttp(http::ClientOptions options,
                               std::optional<std::string> token,
                               metrics::Metrics* metrics)
    : token_(std::move(token)),
      metrics_(metrics),
      client_(std::make_unique<http::Client>(with_room(std::move(options)))) {}

void WriterOverHttp::stop() {
  std::unique_ptr<http::Client> last;
  const std::unique_lock lock{mutex_};
  last = std::move(client_);
}

std::vector<Answer> WriterOverHttp::handle(const std::string& address,
                                           ports::Incarnation log,
                                           std::span<const Submission> submissions) {
  const auto origin = http::Origin::parse(address);
  if (!origin || !access::keeps_private(*origin)) {  // Whoever wrote that address.
    count(metrics::ForwardOutcome::unreachable);
    throw no_safe_address();
  }
  std::vector<Answer> answers;
  const auto nobody_knows = [](const Answer& answer) {
    return std::holds_alternative<OutcomeUnknown>(answer);
  };
  while (answers.size() < submissions.size()) {
    Message message{codec::begin_submissions(log), 0};
    for (const Submission& submission : submissions.subspan(answers.size())) {
      const std::string piece = codec::encode(submission);
      const bool fits = message.bytes.size() + piece.size() <= kCommandsBytesMax;
      if (message.count == kCommandsTogetherMax || !fits) break;
      message.bytes += piece;
      ++message.count;
    }
    if (message.count == 0) {
      answers.emplace_back(handling::too_large());
      continue;
    }
    try {
      auto some = ask(*origin, std::move(message));
      std::move(some.begin(), some.end(), std::back_inserter(answers));
    } catch (const Broken& broken) {
      if (answers.empty()) throw;
      const std::string why = "the process that writes took some of it and then no more: ";
      answers.resize(submissions.size(), OutcomeUnknown{why + broken.what()});
    }
    if (std::any_of(answers.begin(), answers.end(), nobody_knows))
      answers.resize(submissions.size(), OutcomeUnknown{kNobodyKnows});
  }
  return answers;
}

std::vector<Answer> WriterOverHttp::ask(const http::Origin& origin, Message message) {
  http::Request request;
  request.method = "POST";
  request.target = kCommandsTarget;
  request.headers.push_back({"Content-Type", kCommandsType});
  if (token_) request.headers.push_back({"Authorization", "Bearer " + *token_});
  request.body = std::move(message.bytes);
  // The client alone holds the promise: it breaks when what waits is cut off.
  auto promise = std::make_shared<std::promise<Answered>>();
  std::future<Answered> future = promise->get_future();
  {
    const std::shared_lock lock{mutex_};
    if (!client_) throw Broken(Breakage::locked, "this process stops; nothing was appended");
    const bool taken =
        client_->send(origin, std::move(request), [kept = std::move(promise)](Answered answered) {
          kept->set_value(std::move(answered));
        });
    if (!taken) {
      count(metrics::ForwardOutcome::busy);
      throw Broken(Breakage::locked,
                   "too many changes are being passed on; nothing was appended, try again");
    }
  }
  const Answered answered = answer_in(std::move(future));
  count(outcome_of(answered));
  return read(answered, message.count);
}

void WriterOverHttp::count(metrics::ForwardOutcome outcome) const {
  if (metrics_ != nullptr) metrics_->forwarded(outcome);
}

std::vector<Answer> WriterOverHttp::read(const Answered& answered, std::size_t count) const {
  if (const auto* none = std::get_if<http::NoAnswer>(&answered)) {
    if (none->may_have_arrived) return unknown(count);
    throw Broken(Breakage::locked,
                 "this process is a standby, and the one that has its turn to write cannot be "
                 "reached now (" +
                     none->why + "); nothing was appended, try again");
  }
  const auto& response = std::get<http::Response>(answered);
  if (response.status == 200) {
    auto answers = codec::decode_answers(response.body);
    return answers && answers.value().size() == count ? std::move(answers).value() : unknown(count);
  }
  if (const auto broken = what_was_broken(response, token_.has_value())) throw *broken;
  return unknown(count);
}

}  // namespace infra::rest
