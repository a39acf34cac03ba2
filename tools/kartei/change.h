#pragma once

#include <optional>
#include <string>

#include "domain/patient/commands.h"
#include "tools/kartei/tree.h"

namespace kartei {

// The options of every verb that changes a patient.
struct ChangeOptions {
  std::string expect = "any";
  std::string command_id;
  std::string actor = kActor;
  std::string correlation_id;
  bool dry_run = false;

  void add_to(CLI::App& verb);
};

// One command on its way to the writer. Making one reads the options and declines wrong ones.
class Change {
 public:
  Change(Session& session, const ChangeOptions& options);

  [[nodiscard]] const patient::CommandId& command_id() const noexcept { return command_id_; }

  // Submits `command`, for the patient `id` or a new one, and answers with what came of it.
  [[nodiscard]] Answer submit(std::optional<patient::PatientId> id, patient::Command command);

 private:
  Session& session_;
  patient::CommandId command_id_;
  patient::CorrelationId correlation_id_;
  handling::Expect expect_;
  std::string actor_;
  bool dry_run_;
};

}  // namespace kartei
