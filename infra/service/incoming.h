#pragma once

#include <memory>

#include "domain/ports/clock.h"
#include "infra/ingest/intake.h"

namespace infra::service {

// What other services send: their topic, what takes it in, and what could not be taken in.
struct Incoming {
  Incoming(std::unique_ptr<ports::Inbox> given_inbox,
           std::unique_ptr<ports::DeadLetterTopic> topic,
           ports::Clock& clock,
           ports::Ids& ids)
      : inbox(std::move(given_inbox)),
        dead_letters(std::move(topic)),
        intake(*inbox, dead_letters, clock, ids) {}
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  std::unique_ptr<ports::Inbox> inbox;
  ingest::DeadLetters dead_letters;
  ingest::Intake intake;
};

}  // namespace infra::service
