#pragma once

#include <string>
#include <string_view>

#include "domain/core/result.h"
#include "domain/patient/state.h"
#include "domain/ports/codec.h"

namespace infra::codec {

// A state for the writer's own cache, in a format that changes whenever State does: another version
// is undecodable and the cache is rebuilt from the log. One version byte, an XXH3 of the rest
// (8 bytes, little endian), then cereal's binary archive, little endian.
[[nodiscard]] std::string encode_snapshot(const patient::State& state);

// The checksum is looked at before anything else, so cereal's sizes are only believed when they are
// our own.
[[nodiscard]] core::Result<patient::State, ports::Undecodable> decode_snapshot(
    std::string_view bytes);

}  // namespace infra::codec
