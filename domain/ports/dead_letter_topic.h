#pragma once

#include <span>
#include <string>

#include "domain/ports/log.h"

namespace ports {

// Where dead letters are kept: with the log, as bytes, of which the last of each key counts. Used
// by one thread; throws core::Broken.
class DeadLetterTopic {
 public:
  virtual ~DeadLetterTopic() = default;

  // Hands out every record that was put since the last call, by whomever, oldest first. Before the
  // first call: all that there are.
  virtual void read_on(const Sink& sink) = 0;

  struct Entry {
    std::string key;
    std::string value;
  };
  // Returns when all of them are there for good; where it throws, some may be.
  virtual void put(std::span<const Entry> entries) = 0;
};

}  // namespace ports
