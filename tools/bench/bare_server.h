#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace bench {

// A server that is Boost.Beast and nothing else: whatever is asked, it gives the same answer from
// memory, on loopback, with one I/O thread.
class BareServer {
 public:
  // `answer`: head and body, as they came from another server.
  explicit BareServer(const std::string& answer);
  ~BareServer();
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Processor time of its thread so far.
  [[nodiscard]] double cpu_seconds() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace bench
