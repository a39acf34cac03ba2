#pragma once

#include <iosfwd>

namespace kartei {

// The whole program but for the process around it, so that tests start it inside themselves. Reads
// the environment. Returns the exit status; throws nothing.
[[nodiscard]] int run(
    int argc, const char* const* argv, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace kartei
