#pragma once

#include <cstdint>
#include <string>

namespace bench {

// One client's connection to a server on this machine, and nothing clever. Used by one thread.
class Peer {
 public:
  // Throws std::runtime_error, as ask() does.
  explicit Peer(std::uint16_t port);
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&&) = delete;

  // GETs `target`; the whole answer as it came, head and body. It must say its length.
  std::string get(const std::string& target);

 private:
  int socket_;  // -1: moved from
};

// Whether an answer, as get() has it, says 200.
[[nodiscard]] bool is_ok(const std::string& answer);

}  // namespace bench
