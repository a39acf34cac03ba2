#pragma once

#include <iosfwd>
#include <string>

#include "tools/kartei/answer.h"

namespace kartei {

// Says the one thing that a run has to say: with --json exactly one document on `out`, otherwise
// tables and sentences on `out` and what went wrong on `err`. Returns the exit status.
class Output {
 public:
  Output(bool json, std::ostream& out, std::ostream& err) : json_(json), out_(out), err_(err) {}

  [[nodiscard]] int say(const Answer& answer);
  [[nodiscard]] int say(const infra::service::Problem& problem);
  // Help is an answer, too.
  [[nodiscard]] int say_help(const std::string& text);

 private:
  void write(core::Raw::Object document);
  // The answer counts as given only when it left the program: a full disk behind a pipe is `io`.
  [[nodiscard]] int finish(int exit_status);

  bool json_;
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace kartei
