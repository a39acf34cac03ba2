#include "infra/runtime/signals.h"
#include "infra/service/host.h"
#include "tools/kartei/command_lines.h"
#include "tools/kartei/present.h"
#include "tools/kartei/standing_by.h"
#include "tools/kartei/tree.h"

// `follow`: living on the log until a signal says to stop.
namespace kartei {
namespace {

constexpr std::chrono::seconds kFinishWithin{2};  // of the five that a stop may take

Answer follow(Session& session) {
  const infra::runtime::StopSignals signals;
  const StandbyOptions options = standby_options(session.settings());
  infra::rest::WriterOverHttp remote_writer{client_options(options), options.writer_token, nullptr};
  auto surroundings = session.surroundings();
  surroundings.remote_writer = &remote_writer;
  infra::service::Host host{std::move(surroundings)};
  CommandLines command_lines{session, host};
  const auto stop = [&] {
    remote_writer.stop();
    host.stop();
  };
  try {
    while (!signals.requested()) host.await_failure(std::chrono::milliseconds{100});
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
  session.progress().clear();
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
