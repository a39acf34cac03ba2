#include "infra/service/board.h"

#include <utility>

namespace infra::service {

void Board::show(std::string_view name, Entry entry) {
  auto shown = std::make_shared<const Entry>(std::move(entry));
  {
    const std::lock_guard lock{mutex_};
    shown_.insert_or_assign(std::string{name}, std::move(shown));
    ++news_;
  }
  changed_.notify_all();
}

void Board::hide(std::string_view name) {
  const std::lock_guard lock{mutex_};
  const auto known = shown_.find(name);
  if (known == shown_.end()) return;
  shown_.erase(known);
  ++news_;
  changed_.notify_all();
}

Board::Shown Board::find(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto known = shown_.find(name);
  return known == shown_.end() ? nullptr : known->second;
}

bool Board::await_news(std::uint64_t& news, std::chrono::steady_clock::time_point deadline) const {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, deadline, [&] { return news_ != news || ended_; });
  return std::exchange(news, news_) != news_;
}

void Board::end() {
  const std::lock_guard lock{mutex_};
  ended_ = true;
  changed_.notify_all();
}

void Board::report_damage(std::string_view name, std::string why) {
  const std::lock_guard lock{mutex_};
  shown_.erase(std::string{name});  // Whoever asks next hears that it is being made again.
  ++news_;
  for (const Damage& known : damage_) {
    if (known.name == name) return;
  }
  damage_.push_back({std::string{name}, std::move(why)});
}

std::vector<Board::Damage> Board::take_damage() {
  const std::lock_guard lock{mutex_};
  return std::exchange(damage_, {});
}

std::vector<PartitionLag> lags_since(const Board::Entry* before,
                                     const std::vector<std::int64_t>& events,
                                     std::chrono::steady_clock::time_point looked_at) {
  std::vector<PartitionLag> lags;
  for (const std::int64_t behind : events) {
    PartitionLag& lag = lags.emplace_back(PartitionLag{behind});
    if (behind == 0) continue;
    const std::size_t at = lags.size() - 1;
    const bool was_behind = before != nullptr && at < before->lags.size() && before->lags[at].since;
    lag.since = was_behind ? before->lags[at].since : looked_at;
  }
  return lags;
}

}  // namespace infra::service
