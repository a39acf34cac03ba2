#pragma once

#include "domain/core/raw.h"
#include "domain/core/result.h"
#include "domain/patient/parse.h"

namespace infra::codec {

// A registration document of the original system, as its web form writes it: an object with
// `patient_data` (required, an object with keys of a patient), `registration_token` (64 hex
// digits), `consent_metadata` and `registration_timestamp`. Other members beside these are
// tolerated, unknown keys inside `patient_data` are not.
//
// Whatever the document says: the contracts are signed, nothing is paid, the payment reference is
// the beginning of the token, and the id is given later. All wrong keys are named at once.
[[nodiscard]] core::Result<patient::Create, patient::FieldErrors> parse_registration(
    const core::Raw& document);

}  // namespace infra::codec
