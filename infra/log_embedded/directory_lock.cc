#include "infra/log_embedded/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "domain/core/broken.h"

namespace infra::log_embedded {
namespace {

using core::Breakage;
using core::Broken;

std::string reason() { return std::generic_category().message(errno); }

std::string holder_of(int file) {
  std::array<char, 32> text{};
  const ssize_t size = pread(file, text.data(), text.size() - 1, 0);
  std::string holder{text.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
  holder.erase(holder.find_last_not_of(" \n") + 1);
  return holder.empty() ? "another process" : "process " + holder;
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "kartei.lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) throw Broken(Breakage::io, path.string() + ": cannot be opened: " + reason());
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    const std::string why = held ? directory.string() + " is held by " + holder_of(file_) +
                                       "; try again when it is done, or stop it"
                                 : path.string() + ": cannot be locked: " + reason();
    ::close(file_);
    throw Broken(held ? Breakage::locked : Breakage::io, why);
  }
  const std::string pid = std::to_string(getpid()) + '\n';
  if (ftruncate(file_, 0) != 0 || pwrite(file_, pid.data(), pid.size(), 0) < 0) {
    const std::string why = path.string() + ": cannot be written: " + reason();
    ::close(file_);
    throw Broken(Breakage::io, why);
  }
}

DirectoryLock::~DirectoryLock() { ::close(file_); }

}  // namespace infra::log_embedded
