#pragma once

#include <array>
#include <vector>

#include "domain/ports/log.h"

namespace infra::service {

// A log as if it ended earlier, for readers alone: so that what one of them builds can be compared
// with what stopped there. `log` must outlive it and its readers.
class LogUntil final : public ports::Log {
 public:
  // For each topic and partition the offset that no record is read from any more.
  using Ends = std::array<std::vector<ports::Offset>, ports::kTopicCount>;
  LogUntil(const ports::Log& log, Ends ends) : log_(log), ends_(std::move(ends)) {}
  // As it stands now between two transactions, as far as it can be seen.
  [[nodiscard]] static LogUntil now(const ports::Log& log);

  [[nodiscard]] ports::LogIdentity identity() const override { return log_.identity(); }
  [[nodiscard]] std::unique_ptr<ports::LogReader> open_reader(
      ports::Topic topic, std::span<const ports::Start> starts) const override;
  [[nodiscard]] std::vector<ports::Offset> ends(ports::Topic topic) const override {
    return ends_.at(static_cast<std::size_t>(topic));
  }

  // The rest is not for readers: a broken program calls it.
  [[nodiscard]] std::unique_ptr<ports::LogWriter> open_writer(std::string_view) override;
  [[nodiscard]] std::vector<ports::Start> group_offsets(std::string_view) const override;
  void commit_group_offsets(std::string_view, std::span<const ports::Start>) override;
  std::optional<ports::CompactionResult> compact(ports::Topic) override;

 private:
  const ports::Log& log_;
  Ends ends_;
};

}  // namespace infra::service
