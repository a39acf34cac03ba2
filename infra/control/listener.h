#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string_view>

#include "infra/control/call.h"

namespace infra::control {

// A command line as the one that runs it sees it: its streams, and whether it is still wanted.
// Used by the thread that runs it.
class Caller {
 public:
  virtual ~Caller() = default;
  [[nodiscard]] virtual const Start& start() const = 0;
  // Reading throws core::Broken (io) when the caller is gone: half of what it sends is not all.
  [[nodiscard]] virtual std::istream& in() = 0;
  [[nodiscard]] virtual std::ostream& out() = 0;
  [[nodiscard]] virtual std::ostream& err() = 0;
  // Throws core::Broken where long work is to be left: `io`, its caller is gone; `locked`, the
  // service stops.
  virtual void expect_wanted() const = 0;
};

// Takes command lines on the socket of a data directory, each run by a thread of its own.
class Listener {
 public:
  static constexpr std::size_t kTogetherMax = 16;

  // Runs one and returns its exit status. Called by several threads; throws nothing.
  using Handle = std::function<int(Caller&)>;

  // Takes the socket's file over from whoever left it: `directory` must be held. Throws
  // core::Broken (io) where there cannot be one.
  Listener(const std::filesystem::path& directory, Handle handle);
  // Hangs up on whoever is still there, and waits for what runs.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Takes nobody any more, asks long work to be left, and waits, at most so long, for what runs.
  void stop(std::chrono::milliseconds limit);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::control
