#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace kartei {

// A bash script that completes nouns, verbs and options of `root`, and file names elsewhere.
[[nodiscard]] std::string bash_completion(const CLI::App& root);

}  // namespace kartei
