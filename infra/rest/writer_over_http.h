#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "infra/http/client.h"
#include "infra/metrics/metrics.h"
#include "infra/service/remote_writer.h"

namespace infra::rest {

// A message of commands (infra/codec/submissions.h) between two processes holds so much at most. No
// command that is larger makes a record that the log takes; and the answers, a state of a record
// with each, stay within what the one that asked for them reads.
inline constexpr std::size_t kCommandsBytesMax = 1'000'000;
inline constexpr std::size_t kCommandsTogetherMax = 64;
inline constexpr const char* kCommandsTarget = "/api/commands";
inline constexpr const char* kCommandsType = "application/octet-stream";

// Hands commands that have no request of their own, as those of command lines and of imports, to
// the service of the process that writes. What a client asked for over HTTP goes there as it is and
// with the client's token (Forwarding).
class WriterOverHttp final : public service::RemoteWriter {
 public:
  // `token` is this process's own, of the role operator, for a writer that wants one. Each message
  // is counted in `metrics`, which must outlive it; null: nobody asks for them. Throws core::Broken
  // (io) as http::Client does.
  WriterOverHttp(http::ClientOptions options,
                 std::optional<std::string> token,
                 metrics::Metrics* metrics);

  [[nodiscard]] std::vector<handling::Answer> handle(
      const std::string& address,
      ports::Incarnation log,
      std::span<const handling::Submission> submissions) override;

  // Cuts off who waits for an answer: nobody knows. What comes later is refused (locked).
  void stop();

 private:
  using Answered = std::variant<http::Response, http::NoAnswer>;
  struct Message;
  [[nodiscard]] std::vector<handling::Answer> ask(const http::Origin& origin, Message message);
  [[nodiscard]] std::vector<handling::Answer> read(const Answered& answered,
                                                   std::size_t count) const;

  void count(metrics::ForwardOutcome outcome) const;

  const std::optional<std::string> token_;
  metrics::Metrics* const metrics_;
  std::shared_mutex mutex_;  // for whether there is one
  std::unique_ptr<http::Client> client_;
};

}  // namespace infra::rest
