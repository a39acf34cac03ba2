#pragma once

#include <memory>
#include <string>
#include <variant>

#include "domain/patient/ids.h"
#include "infra/http/client.h"
#include "infra/metrics/metrics.h"
#include "infra/rest/answers.h"
#include "infra/rest/call.h"

namespace infra::rest {

// What came of a request to the process that writes, for the metrics.
[[nodiscard]] metrics::ForwardOutcome outcome_of(
    const std::variant<http::Response, http::NoAnswer>& answer);

// Passes changes on to the process that writes, which decides everything about them, also who may.
// They carry their command id as `Idempotency-Key`, so that one that must be sent twice is made
// once; and `Kartei-Forwarded`, so that none is passed on again. Any thread.
class Forwarding {
 public:
  // Throws core::Broken as http::Client does. `metrics` must outlive it.
  Forwarding(http::ClientOptions options, metrics::Metrics& metrics, Complain complain)
      : metrics_(metrics), complain_(std::move(complain)), client_(std::move(options)) {}

  // Whether another process sent it here: it must be answered here.
  [[nodiscard]] static bool was_forwarded(const http::Request& request);

  // Answers as the writer at `address` does: what its last `__writer` record says. `command_id` and
  // `correlation` are those that the command would have here.
  void forward(const std::string& address,
               std::shared_ptr<Call> call,
               const patient::CommandId& command_id,
               const core::Uuid& correlation);

 private:
  void tell_trouble(const std::string& why);

  metrics::Metrics& metrics_;
  const Complain complain_;
  std::string trouble_;  // that the operator was told of; the client's thread alone
  http::Client client_;
};

}  // namespace infra::rest
