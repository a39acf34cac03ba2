#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/result.h"
#include "domain/handling/submission.h"
#include "domain/ports/codec.h"

namespace infra::codec {

// What became of commands that another process sent (infra/codec/submissions.h), in their order.
[[nodiscard]] std::string encode_answers(std::span<const handling::Answer> answers);
[[nodiscard]] core::Result<std::vector<handling::Answer>, ports::Undecodable> decode_answers(
    std::string_view bytes);

}  // namespace infra::codec
