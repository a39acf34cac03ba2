#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/log.h"

namespace infra::reactors {

// The history for a consumer group: every record at least once, from where the group stands. Its
// place is kept in the log (ports::Log::group_offsets). Used by one thread; the log must outlive
// it.
class GroupFeed {
 public:
  // A group that the log does not know begins at the head, and the log knows it from then on: what
  // is appended later is not missed, whenever it is looked at. Throws core::Broken.
  GroupFeed(ports::Log& log, std::string group);

  // Hands up to `limit` records that were not handed out before to `sink`; how many. 0: no more
  // now. Throws core::Broken.
  std::size_t poll(std::size_t limit, const ports::Sink& sink);

  // This record of a partition, and all before it, are done with: the log has it when this returns.
  // Throws core::Broken.
  void commit(ports::Partition partition, ports::Offset offset);
  // The same of everything that was handed out. Nothing new: asks the log for nothing.
  void commit_all();
  // The place as it stands, for a log that forgets what is old.
  void commit_anew();
  // Offsets of the log that are not done with, markers among them. Throws core::Broken.
  [[nodiscard]] std::int64_t lag() const;

 private:
  ports::Log& log_;
  const std::string group_;
  std::vector<ports::Start> done_;  // by partition, as the log has it
  std::unique_ptr<ports::LogReader> reader_;
};

}  // namespace infra::reactors
