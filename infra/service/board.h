#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/read_store.h"

namespace infra::service {

// How far a read model has come in one partition of the log.
struct PartitionLag {
  std::int64_t events = 0;  // offsets that it has not passed
  // Since when its keeper knows of records there that it has not applied, without having come to
  // the end meanwhile; none: it is at the end, as far as the keeper knows.
  std::optional<std::chrono::steady_clock::time_point> since = std::nullopt;
  friend bool operator==(const PartitionLag&, const PartitionLag&) = default;
};

// How the live read models stand, as the thread that keeps them last said. Questions on other
// threads open the file that they find here; its rows are at least as new as the checkpoint. Any
// thread may call it.
class Board {
 public:
  struct Entry {
    std::filesystem::path file;
    projections::Checkpoint checkpoint;
    std::int64_t lag_events = 0;          // offsets of the log that it has not passed
    std::vector<PartitionLag> lags = {};  // the same, of each partition; they add up
    std::int64_t quarantined = 0;         // patients
    std::string token = {};               // how far it has come, as clients are told
  };
  using Shown = std::shared_ptr<const Entry>;

  void show(std::string_view name, Entry entry);
  // It is being made again: nobody may open what was shown.
  void hide(std::string_view name);
  // None: it is not there.
  [[nodiscard]] Shown find(std::string_view name) const;

  // Waits until something was shown or hidden after the `news` that the caller knows, at most until
  // `deadline`. False: it is past, or nothing is shown any more.
  bool await_news(std::uint64_t& news, std::chrono::steady_clock::time_point deadline) const;
  [[nodiscard]] std::uint64_t news() const { return news_; }

  // Nothing is shown any more: nobody waits for it.
  void end();

  // A question has met damage in a read model. The thread that keeps it makes it again.
  void report_damage(std::string_view name, std::string why);
  struct Damage {
    std::string name;
    std::string why;
  };
  [[nodiscard]] std::vector<Damage> take_damage();

 private:
  mutable std::mutex mutex_;  // for the next ones
  mutable std::condition_variable changed_;
  std::map<std::string, Shown, std::less<>> shown_;
  std::vector<Damage> damage_;
  std::atomic<std::uint64_t> news_ = 0;  // changed under the mutex, read by anybody
  bool ended_ = false;
};

// Entry::lags of a read model that is `events` behind the ends that the keeper saw at `looked_at`,
// and stood as `before` (null: it was not shown).
[[nodiscard]] std::vector<PartitionLag> lags_since(const Board::Entry* before,
                                                   const std::vector<std::int64_t>& events,
                                                   std::chrono::steady_clock::time_point looked_at);

}  // namespace infra::service
