#pragma once

#include <memory>

#include "domain/ports/clock.h"

namespace infra::runtime {

// Names from the operating system's randomness, and names that follow from a command. Any thread
// may call it.
class Ids final : public ports::Ids {
 public:
  Ids();
  ~Ids() override;

  [[nodiscard]] core::Uuid random() override;
  // UUIDv5 of the text `command-uuid/patient-id/sequence` in Kartei's own name space. Frozen: every
  // event in every log has such an id.
  [[nodiscard]] patient::EventId event_id(const patient::CommandId& command,
                                          const patient::PatientId& patient,
                                          patient::Sequence sequence) override;

 private:
  struct Generators;
  std::unique_ptr<Generators> generators_;
};

}  // namespace infra::runtime
