#include "infra/access/live_tokens.h"

#include <sys/stat.h>

#include <utility>

#include "domain/core/broken.h"

namespace infra::access {

// Whoever restores an old time of modification still changes that of the inode; whoever takes
// rights away does as well.
struct LiveTokens::Mark {
  bool there = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::int64_t changed = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

LiveTokens::Mark LiveTokens::mark() const {
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  struct stat about {};
  if (::stat(file_.c_str(), &about) != 0) return {};
  return {true,
          about.st_dev,
          about.st_ino,
          about.st_size,
          nanoseconds(about.st_mtim),
          nanoseconds(about.st_ctim)};
}

// The mark is taken before the file is read: one that changes meanwhile is read once more.
LiveTokens::LiveTokens(std::filesystem::path file, Tell tell, std::chrono::milliseconds look_each)
    : file_(std::move(file)), tell_(std::move(tell)), mark_(std::make_unique<Mark>(mark())) {
  auto tokens = Tokens::read(file_);
  if (!tokens) throw core::Broken(core::Breakage::io, tokens.error());
  tokens_ = std::make_shared<const Tokens>(std::move(tokens).value());
  thread_ = std::thread{[this, look_each] { watch(look_each); }};
}

LiveTokens::~LiveTokens() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

std::optional<Identity> LiveTokens::find(std::string_view token, core::Timestamp now) const {
  std::shared_ptr<const Tokens> tokens;
  {
    const std::lock_guard lock{mutex_};
    tokens = tokens_;
  }
  return tokens->find(token, now);
}

void LiveTokens::watch(std::chrono::milliseconds look_each) {
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, look_each, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

void LiveTokens::look() {
  const Mark now = mark();
  if (now == *mark_) return;
  *mark_ = now;
  auto read = Tokens::read(file_);
  if (!read) return tell_(read.error() + "; the tokens that were known before stay in force");
  auto tokens = std::make_shared<const Tokens>(std::move(read).value());
  const std::size_t size = tokens->size();
  {
    const std::lock_guard lock{mutex_};
    tokens_.swap(tokens);
  }
  tell_(file_.string() + " was read again; known tokens: " + std::to_string(size));
}

}  // namespace infra::access
