#pragma once

#include <cstdint>
#include <string>

namespace infra::service {

// A process that writes when its turn comes. Gone, the turn is over and the next one may have it.
// Used by one thread.
class Candidacy {
 public:
  virtual ~Candidacy() = default;

  // 0: it is not our turn. Else its number: another one later is another turn, and in between
  // somebody else may have written.
  [[nodiscard]] virtual std::int64_t turn() const = 0;
  // The turn has come: our writer may be opened although others wrote before it.
  virtual void begin() = 0;
  // Whether somebody opened a writer after ours without waiting for a turn.
  [[nodiscard]] virtual bool superseded() const = 0;
  // Where whoever opened a writer last can be reached, by its own account; empty: nowhere, or it is
  // not known yet. Not while the turn is ours. Throws core::Broken.
  [[nodiscard]] virtual std::string writer_address() = 0;
};

}  // namespace infra::service
