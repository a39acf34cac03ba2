#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "infra/service/board.h"
#include "infra/service/command_queue.h"
#include "infra/service/data_directory.h"
#include "infra/service/log_home.h"

namespace infra::service {

// What a host lends its guests: one log, one writer, one set of live read models for all of them.
// Everything in it may be used by any thread, and outlives the guests.
struct Shared {
  const DataDirectory& directory;
  LogHome& home;  // its log alone is for any thread
  Board& board;
  CommandQueue& commands;
  std::function<std::string()> writer_elsewhere;  // Host::writer_elsewhere
  // The live generation of this read model has changed in the catalog: returns when its keeper has
  // opened the new one.
  std::function<void(std::string_view name)> reopen;
  std::mutex& generations;  // Parts::alone_with_generations
};

}  // namespace infra::service
