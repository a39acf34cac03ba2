#pragma once

#include <stdexcept>
#include <string>

namespace core {

// What kind of machinery broke. The edge maps each kind to an error code and an exit status.
enum class Breakage {
  io,                  // a disk or a file said no: full, read-only, unreadable
  corrupt,             // bytes are not what was written; the text names the place
  log_mismatch,        // another incarnation, partition count or an older log than caches know
  locked,              // another process holds the resource; the text names it
  broker_unavailable,  // the log cannot be reached now
};

// Broken machinery: thrown where it happens, caught once at the edge. The text is for the operator
// and holds places and identifiers, never personal data.
class Broken : public std::runtime_error {
 public:
  Broken(Breakage kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
  [[nodiscard]] Breakage kind() const noexcept { return kind_; }

 private:
  Breakage kind_;
};

}  // namespace core
