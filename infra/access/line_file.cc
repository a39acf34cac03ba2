#include "infra/access/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "domain/core/broken.h"

namespace infra::access {
namespace {

constexpr std::chrono::seconds kFlushEvery{1};
constexpr std::size_t kFlushBytes = std::size_t{64} * 1024;  // then sooner than that

std::string text_of(int error) { return std::generic_category().message(error); }

bool ends_within_a_line(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0) return false;
  char last = '\n';
  return ::pread(file, &last, 1, about.st_size - 1) == 1 && last != '\n';
}

// Whether `path` still leads to the file that is open.
bool leads_to(const std::filesystem::path& path, int file) {
  struct stat there {};
  struct stat here {};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(file, &here) == 0 &&
         there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

}  // namespace

LineFile::LineFile(std::filesystem::path path, Trouble trouble)
    : path_(std::move(path)), trouble_(std::move(trouble)) {
  if (const int error = open(); error != 0) {
    throw core::Broken(core::Breakage::io,
                       path_.string() + ": cannot be opened for appending: " + text_of(error));
  }
  thread_ = std::thread{[this] { run(); }};
}

LineFile::~LineFile() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  flush();
  ::close(file_);
}

void LineFile::add(std::string_view line) {
  bool hurry = false;
  {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() + unwritten_bytes_ + line.size() + 1 > kWaitingBytesMax) {
      ++lost_;
      return;
    }
    waiting_ += line;
    waiting_ += '\n';
    hurry = waiting_.size() >= kFlushBytes;
  }
  if (hurry) wake_.notify_one();
}

void LineFile::run() {
  std::unique_lock lock{mutex_};
  while (!stop_) {
    wake_.wait_for(lock, kFlushEvery, [&] { return stop_ || waiting_.size() >= kFlushBytes; });
    lock.unlock();
    flush();
    lock.lock();
  }
}

void LineFile::flush() {
  const std::lock_guard writing{writing_};
  std::uint64_t lost = 0;
  {
    const std::lock_guard lock{mutex_};
    unwritten_ += waiting_;
    waiting_.clear();
    unwritten_bytes_ = unwritten_.size();
    lost = std::exchange(lost_, 0);
  }
  const int not_opened = leads_to(path_, file_) ? 0 : open();
  const int not_written = write();
  {
    const std::lock_guard lock{mutex_};
    unwritten_bytes_ = unwritten_.size();
  }
  report(not_written != 0 ? not_written : not_opened, lost);
}

// When it cannot be opened, the moved file goes on being written.
int LineFile::open() {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
  const int file = ::open(path_.c_str(), kFlags, S_IRUSR | S_IWUSR);
  if (file < 0) return errno;
  if (file_ >= 0) ::close(file_);
  file_ = file;
  written_ = 0;  // A line that the old file has a part of is written whole.
  if (ends_within_a_line(file_)) unwritten_.insert(0, 1, '\n');
  return 0;
}

int LineFile::write() {
  int error = 0;
  while (written_ < unwritten_.size()) {
    const ssize_t bytes =
        ::write(file_, unwritten_.data() + written_, unwritten_.size() - written_);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) {
      error = errno;
      break;
    }
    written_ += static_cast<std::size_t>(bytes);
  }
  // Keep the line that the file has a part of.
  const std::size_t whole = written_ == 0 ? 0 : unwritten_.rfind('\n', written_ - 1) + 1;
  unwritten_.erase(0, whole);
  written_ -= whole;
  return error;
}

void LineFile::report(int error, std::uint64_t lost) {
  lost_in_trouble_ += lost;
  const bool was_in_trouble = std::exchange(in_trouble_, error != 0);
  std::string sentence = path_.string();
  if (error != 0) {
    if (was_in_trouble) return;
    sentence += ": cannot be written, its lines wait in memory while they fit: " + text_of(error);
  } else {
    if (!was_in_trouble && lost_in_trouble_ == 0) return;
    sentence += was_in_trouble ? ": is written again" : ": lines came faster than they are written";
    sentence += "; lines that were lost: " + std::to_string(std::exchange(lost_in_trouble_, 0));
  }
  if (trouble_) trouble_(sentence);
}

}  // namespace infra::access
