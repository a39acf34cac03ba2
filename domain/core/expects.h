#pragma once

#include <cstdlib>
#include <iostream>

namespace core {

// For programmer errors only, and on in every build: a wrong program stops before it records
// something wrong. A refusal is a value and broken machinery throws; neither belongs here.
inline void expects(bool holds,
                    const char* because,
                    const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (holds) return;
  std::cerr << file << ':' << line << ": broken expectation: " << because << '\n';
  std::abort();
}

}  // namespace core
