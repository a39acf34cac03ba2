#include "infra/rest/shown.h"

namespace infra::rest {

void note_shown(const Means& means,
                const Call& call,
                const patient::PatientId& id,
                const char* what) {
  if (means.read_log == nullptr) return;
  means.read_log->record({means.clock.now(),
                          call.who.name,
                          id,
                          what,
                          call.request.header("x-correlation-id").value_or("")});
}

}  // namespace infra::rest
