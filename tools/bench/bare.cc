#include "tools/bench/bare.h"

#include <fcntl.h>
#include <unistd.h>

#include "domain/core/broken.h"

namespace bench {

BareFile::BareFile(const std::filesystem::path& path)
    : file_(open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600)) {
  if (file_ < 0) throw core::Broken(core::Breakage::io, path.string() + ": cannot create");
}

BareFile::~BareFile() { close(file_); }

void BareFile::append(std::string_view bytes) {
  const ssize_t written = write(file_, bytes.data(), bytes.size());
  if (written != static_cast<ssize_t>(bytes.size()) || fdatasync(file_) != 0)
    throw core::Broken(core::Breakage::io, "the bare file cannot be written");
}

BareAppender::BareAppender(const std::filesystem::path& path)
    : file_(path), thread_([this] { run(); }) {}

BareAppender::~BareAppender() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::future<void> BareAppender::append(std::string bytes) {
  Waiting waiting{std::move(bytes), {}};
  auto done = waiting.done.get_future();
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(waiting));
  }
  wake_.notify_one();
  return done;
}

void BareAppender::run() {
  while (true) {
    std::deque<Waiting> batch;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      batch.swap(waiting_);
    }
    std::string bytes;
    for (const Waiting& one : batch) bytes += one.bytes;
    file_.append(bytes);
    for (Waiting& one : batch) one.done.set_value();
  }
}

}  // namespace bench
