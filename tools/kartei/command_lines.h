#pragma once

#include <chrono>
#include <optional>

#include "infra/control/listener.h"
#include "tools/kartei/session.h"

namespace kartei {

// The command lines that a service runs for others while it holds their data directory. Where there
// can be no socket the operator is told, and they are refused (locked).
class CommandLines {
 public:
  // Both must outlive it, and what runs needs the host until it has ended.
  CommandLines(Session& session, infra::service::Host& host);

  // Takes no more of them, and waits, at most so long, for those that run.
  void stop(std::chrono::milliseconds limit);

 private:
  std::optional<infra::control::Listener> listener_;
};

}  // namespace kartei
