#pragma once

#include <cstdint>

namespace infra::codec {

// How protobuf delimits a field. The two for groups are never used.
enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

}  // namespace infra::codec
