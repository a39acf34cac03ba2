#include "tools/kartei/command_lines.h"

#include "domain/core/broken.h"
#include "tools/kartei/run.h"

namespace kartei {

CommandLines::CommandLines(Session& session, infra::service::Host& host) {
  const auto run = [&session, &host](infra::control::Caller& caller) {
    const Within within{host, session.settings(), [&caller] { caller.expect_wanted(); }};
    return run_within(within, {caller.start(), caller.in(), caller.out(), caller.err()});
  };
  try {
    listener_.emplace(session.settings().data, run);
  } catch (const core::Broken& broken) {
    host.say(std::string{"no command line is taken while this service runs: "} + broken.what());
  }
}

void CommandLines::stop(std::chrono::milliseconds limit) {
  if (listener_) listener_->stop(limit);
}

}  // namespace kartei
