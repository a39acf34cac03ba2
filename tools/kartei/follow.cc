#include <atomic>

#include "infra/runtime/signals.h"
#include "infra/service/host.h"
#include "tools/kartei/command_lines.h"
#include "tools/kartei/follow_status.h"
#include "tools/kartei/present.h"
#include "tools/kartei/standing_by.h"
#include "tools/kartei/tree.h"

// `follow`: living on the log until a signal says to stop.
namespace kartei {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kFinishWithin{2};  // of the five that a stop may take
constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kProgressStays{1};  // long work has the status line so long

Answer follow(Session& session) {
  const infra::runtime::StopSignals signals;
  const StandbyOptions options = standby_options(session.settings());
  infra::rest::WriterOverHttp remote_writer{client_options(options), options.writer_token, nullptr};
  auto surroundings = session.surroundings();
  surroundings.remote_writer = &remote_writer;
  std::atomic<steady_clock::time_point> last_progress{};
  surroundings.progress = [&, report = std::move(surroundings.progress)](const auto& now) {
    last_progress = steady_clock::now();
    report(now);
  };
  infra::service::Host host{std::move(surroundings)};
  CommandLines command_lines{session, host};
  const auto stop = [&] {
    remote_writer.stop();
    host.stop();
    session.status().clear();
  };
  FollowStatus status;
  try {
    while (!signals.requested()) {
      host.await_failure(kLook);
      const auto now = steady_clock::now();
      if (session.status().on_terminal() && now - last_progress.load() > kProgressStays)
        session.status().show(status.line(host.health(), now));
    }
  } catch (...) {
    stop();  // What it runs for others may wait for it.
    throw;
  }
  command_lines.stop(kFinishWithin);
  stop();
  const auto health = host.health();
  core::Raw followed{
      core::Raw::Object{{"role", core::Raw{std::string{health.writer ? "writer" : "standby"}}},
                        {"turns", core::Raw{health.turns}},
                        {"recorded", core::Raw{health.consumed.recorded}},
                        {"dead", core::Raw{health.consumed.dead}}}};
  return {std::move(followed), [](const core::Raw& data) {
            const bool writer = cell(member(data, "role")) == "writer";
            return std::string{"stopped; this process was "} +
                   (writer ? "the writer\n" : "a standby\n");
          }};
}

}  // namespace

void add_follow(Tree& tree) {
  static_cast<void>(
      add_verb(tree,
               tree.root,
               {"follow",
                "keep every read model up with the log, and write when the turn comes, until "
                "SIGTERM or Ctrl-C",
                "kartei --kafka localhost:9092 follow",
                true},
               follow));
}

}  // namespace kartei
