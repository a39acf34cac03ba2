#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/core/raw.h"
#include "domain/ports/codec.h"
#include "domain/ports/log.h"
#include "domain/ports/position.h"

namespace infra::service {

// The history as people follow it: whose, which, when, which keys, and no value of any. Used by one
// thread; the log must outlive it.
class EventFeed {
 public:
  struct Beginning {};
  struct Now {};
  using Start = std::variant<Beginning, Now, ports::PositionToken>;
  // `beginning`, `now`, or the id of an event that a feed gave: it goes on behind that one. None:
  // the text is none of them.
  [[nodiscard]] static std::optional<Start> parse_start(std::string_view text);

  EventFeed(const ports::Log& log, const Start& start);

  // Up to `limit` events, each with the id to go on from. How many records were passed; 0: no more
  // now.
  using Sink = std::function<void(const std::string& id, const core::Raw& described)>;
  std::size_t next(std::size_t limit, const Sink& sink);

 private:
  ports::PositionToken reached_;  // places hold the last offset of the history that was passed
  std::unique_ptr<ports::LogReader> reader_;
  std::unique_ptr<ports::EventCodec> codec_;
};

}  // namespace infra::service
