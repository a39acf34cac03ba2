#pragma once

#include <functional>
#include <iosfwd>

#include "infra/control/call.h"
#include "infra/runtime/settings.h"
#include "infra/service/host.h"

namespace kartei {

// One run of the program: what it was started with, and its streams.
struct Invocation {
  infra::control::Start start;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

// The service that runs a command line for its caller.
struct Within {
  infra::service::Host& host;
  const infra::runtime::Settings& settings;  // the service's own
  // Throws core::Broken when the work is to be left.
  std::function<void()> expect_wanted;
};

// The whole program but for the process around it, so that tests start it inside themselves. Where
// a service holds the data directory that one runs it instead, unless the verb is for this process
// alone. Returns the exit status; throws nothing.
[[nodiscard]] int run(const Invocation& invocation);
// The same, by the service.
[[nodiscard]] int run_within(const Within& within, const Invocation& invocation);

// The invocation that the process was started with: its arguments, environment and folder.
[[nodiscard]] infra::control::Start start_of_process(int argc, const char* const* argv);

}  // namespace kartei
