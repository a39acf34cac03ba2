#include "infra/service/log_until.h"

#include <algorithm>

namespace infra::service {
namespace {

constexpr int kLooksMax = 1000;
constexpr const char* kReadOnly = "a log that ends earlier is only read";

class ReaderUntil final : public ports::LogReader {
 public:
  ReaderUntil(std::unique_ptr<ports::LogReader> reader,
              std::span<const ports::Start> starts,
              std::vector<ports::Offset> ends)
      : reader_(std::move(reader)), starts_(starts.begin(), starts.end()), ends_(std::move(ends)) {}

  // What lies behind the end is passed over, and is no reason to stop before the end.
  std::size_t poll(std::size_t limit, const ports::Sink& sink) override {
    std::size_t handed_out = 0;
    while (handed_out == 0 && !at_end()) {
      const std::size_t read = reader_->poll(limit, [&](const ports::Record& record) {
        if (record.offset >= end_of(record.partition)) return;
        ++handed_out;
        sink(record);
      });
      if (read == 0) break;
    }
    return handed_out;
  }

  [[nodiscard]] ports::Offset position(ports::Partition partition) const override {
    return std::min(reader_->position(partition), end_of(partition));
  }

 private:
  [[nodiscard]] ports::Offset end_of(ports::Partition partition) const {
    return ends_.at(static_cast<std::size_t>(partition.get()));
  }

  // However far the log has gone on meanwhile.
  [[nodiscard]] bool at_end() const {
    return std::all_of(starts_.begin(), starts_.end(), [this](const ports::Start& start) {
      return reader_->position(start.partition) >= end_of(start.partition);
    });
  }

  std::unique_ptr<ports::LogReader> reader_;
  std::vector<ports::Start> starts_;
  std::vector<ports::Offset> ends_;
};

}  // namespace

std::unique_ptr<ports::LogReader> LogUntil::open_reader(
    ports::Topic topic, std::span<const ports::Start> starts) const {
  return std::make_unique<ReaderUntil>(log_.open_reader(topic, starts), starts, ends(topic));
}

// Every transaction is in both topics: none came between when the first one has not moved.
LogUntil LogUntil::now(const ports::Log& log) {
  for (int look = 1;; ++look) {
    auto events = log.ends(ports::Topic::patient_events);
    auto history = log.ends(ports::Topic::patient_history);
    if (look == kLooksMax || log.ends(ports::Topic::patient_events) == events)
      return LogUntil{log, {std::move(events), std::move(history)}};
  }
}

std::unique_ptr<ports::LogWriter> LogUntil::open_writer(std::string_view) {
  core::expects(false, kReadOnly);
  return nullptr;
}

std::vector<ports::Start> LogUntil::group_offsets(std::string_view) const {
  core::expects(false, kReadOnly);
  return {};
}

void LogUntil::commit_group_offsets(std::string_view, std::span<const ports::Start>) {
  core::expects(false, kReadOnly);
}

std::optional<ports::CompactionResult> LogUntil::compact(ports::Topic) {
  core::expects(false, kReadOnly);
  return std::nullopt;
}

}  // namespace infra::service
