#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "domain/ports/clock.h"
#include "infra/rest/answers.h"
#include "infra/rest/call.h"
#include "infra/rest/forwarding.h"
#include "infra/service/host.h"

namespace infra::rest {

// Makes commands of requests and hands them to the host's writer; where the host is a standby that
// knows who writes, the request is passed on to that process. The names that HTTP has for what
// every command carries: `Idempotency-Key` is the command id, `If-Match` what the sender believes
// about the patient, `X-Correlation-Id` or `traceparent` what it is part of. Any thread; what it is
// given must outlive it.
class Commanding {
 public:
  Commanding(service::Host& host, ports::Ids& ids, Forwarding& forwarding, Complain complain)
      : host_(host), ids_(ids), forwarding_(forwarding), complain_(std::move(complain)) {}

  // How an answer looks when it was done.
  using Shape = std::function<http::Response(const handling::Done&)>;
  // `id` none: a creation that gets the next number.
  void submit(std::shared_ptr<Call> call,
              std::optional<patient::PatientId> id,
              patient::Command command,
              Shape shape) const;

  // Commands that another process hands over as they are: they are not passed on again. Answers
  // with what became of each, in this order.
  void submit(std::shared_ptr<Call> call, std::vector<handling::Submission> submissions) const;

  // The command id of a call: its key as a UUID, or one that follows from it; random without one.
  // Declines a key that is no 1 to 200 printable ASCII characters.
  [[nodiscard]] patient::CommandId command_id_of(Call& call) const;

 private:
  service::Host& host_;
  ports::Ids& ids_;
  Forwarding& forwarding_;
  Complain complain_;
};

}  // namespace infra::rest
