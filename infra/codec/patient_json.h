#pragma once

#include <string>

#include "domain/patient/state.h"

namespace infra::codec {

// What write_json(patient::to_raw(id, patient)) is, without a copy of every text in between: the
// service makes one for each change.
[[nodiscard]] std::string patient_json(const patient::PatientId& id,
                                       const patient::OnFile& patient);

}  // namespace infra::codec
