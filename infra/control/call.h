#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace infra::control {

// What a program was started with.
struct Start {
  std::vector<std::string> arguments;            // without the program's name
  std::map<std::string, std::string> variables;  // of its environment: those that matter to it
  std::filesystem::path folder;                  // that relative paths are of; absolute
  bool terminal = false;                         // whether its standard error is one
};

struct Nobody {};    // No service holds the directory, or it takes no command lines.
struct TooMany {};   // The service runs as many as it may. Nothing was done.
struct WentAway {};  // It went before it had answered: what it was asked may have happened.
using Called = std::variant<Nobody, TooMany, WentAway, int>;  // the exit status

// Has the service that holds `directory` run this, with these streams. Blocks until it has ended;
// throws nothing.
[[nodiscard]] Called call(const std::filesystem::path& directory,
                          const Start& start,
                          std::istream& in,
                          std::ostream& out,
                          std::ostream& err);

}  // namespace infra::control
