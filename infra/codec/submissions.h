#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/core/result.h"
#include "domain/handling/submission.h"
#include "domain/ports/codec.h"

// Commands from one process to another one that writes the log for it (proto/commands.proto).
namespace infra::codec {

// Raised by every change of the format. The process that writes takes its own version alone.
inline constexpr int kSubmissionsVersion = 1;

// A message is what `begin_submissions` gives and, behind it, what `encode` gives for each. A text
// that is not UTF-8 throws std::invalid_argument.
[[nodiscard]] std::string begin_submissions(ports::Incarnation log);
[[nodiscard]] std::string encode(const handling::Submission& submission);

struct Submissions {
  ports::Incarnation log;  // that they are meant for
  std::vector<handling::Submission> submissions;
};
// Commands are held against every rule that a client's are, and against the digest that their
// sender gave them: one that means something else to it is refused. The reason repeats no content.
[[nodiscard]] core::Result<Submissions, ports::Undecodable> decode_submissions(
    std::string_view bytes);

}  // namespace infra::codec
