#pragma once

#include "domain/patient/ids.h"
#include "infra/rest/call.h"
#include "infra/rest/means.h"

namespace infra::rest {

// Notes in the log of who read which patient, where it is kept, that whoever sent `call` is shown
// this one; `what`: in which answer. Any thread.
void note_shown(const Means& means,
                const Call& call,
                const patient::PatientId& id,
                const char* what);

}  // namespace infra::rest
