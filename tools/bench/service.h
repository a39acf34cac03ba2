#pragma once

#include <cstdint>
#include <filesystem>

#include "tools/bench/child.h"

namespace bench {

// The program's own `kartei serve` on an embedded log, on loopback. Used by one thread.
class Service {
 public:
  // Returns when it has said where it listens.
  explicit Service(const std::filesystem::path& data);

  // Returns when /health/ready says so; throws std::runtime_error after two minutes.
  void await_ready() const;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] double cpu_seconds() const { return child_.cpu_seconds(); }
  [[nodiscard]] std::int64_t resident_bytes() const { return child_.resident_bytes(); }

 private:
  Child child_;
  std::uint16_t port_;
};

}  // namespace bench
