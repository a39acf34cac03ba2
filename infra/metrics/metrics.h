#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "infra/metrics/snapshot.h"

namespace infra::metrics {

// Of what text() returns: Prometheus' text format.
inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

enum class CommandOutcome { done, nothing_to_change, deduplicated, refused, unknown, broken };
enum class TransactionOutcome { committed, fenced, unknown, refused };
// Of a request that a standby passed on, or made of the commands of its command lines and imports:
// the writer answered; nothing was sent; it was sent and nobody answered; too many were under way.
enum class ForwardOutcome { answered, unreachable, unknown, busy };

// What has happened since the process began, counted where it happens; and how things stand, as a
// snapshot that the caller takes when somebody asks. Any thread may call it; each of the counting
// calls costs less than a microsecond and waits for nothing but other counting calls. Names and
// labels are what dashboards and alerts query: they stay as they are.
class Metrics {
 public:
  static constexpr std::size_t kExchangeKindsMax = 1'000;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // kartei_http_request_duration_seconds{method,route,status}. `route` is a template, empty where
  // the transport answered by itself (`none`). A method that HTTP does not define is `other`; after
  // kExchangeKindsMax kinds of exchange, so is everything about a new one.
  void exchanged(std::string_view method,
                 std::string_view route,
                 int status,
                 std::chrono::nanoseconds duration);
  // kartei_commands_total{outcome}
  void commanded(CommandOutcome outcome);
  // kartei_append_duration_seconds: of one transaction, whatever came of it
  void appended(std::chrono::nanoseconds duration);
  // kartei_transactions_total{outcome}
  void transacted(TransactionOutcome outcome);
  // kartei_forwarded_requests_total{outcome}
  void forwarded(ForwardOutcome outcome);
  // kartei_events_published_total{type}; `type` is the name of a patient::EventType, else `other`.
  void published(std::string_view type);

  // All of it, and what `now` says, for GET /metrics.
  [[nodiscard]] std::string text(const Snapshot& now) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::metrics
