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

std::optional<std::chrono::steady_clock::time_point> behind_since(
    const Board::Entry* before,
    std::int64_t lag_events,
    std::chrono::steady_clock::time_point looked_at) {
  if (lag_events == 0) return std::nullopt;
  return before != nullptr && before->behind_since ? *before->behind_since : looked_at;
}

}  // namespace infra::service
