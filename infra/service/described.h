#pragma once

#include "domain/core/raw.h"
#include "domain/ports/codec.h"
#include "domain/ports/log.h"

namespace infra::service {

// What an operator may see of a record: whose, which, when; for the history also which keys it
// changed. Never a value of any.
[[nodiscard]] core::Raw described(ports::Topic topic,
                                  const ports::Record& record,
                                  ports::EventCodec& codec);

}  // namespace infra::service
