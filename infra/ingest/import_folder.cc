#include "infra/ingest/import_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "domain/core/broken.h"
#include "infra/ingest/owned_file.h"

namespace infra::ingest {
namespace {

constexpr mode_t kFolderMode = 0750;
constexpr mode_t kReasonMode = 0640;
constexpr const char* kProcessed = "processed";
constexpr const char* kFailed = "failed";

[[noreturn]] void broke(const std::string& what) {
  throw core::Broken(core::Breakage::io, what + ": " + std::generic_category().message(errno));
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

core::Timestamp timestamp(const timespec& time) {
  const auto fine = std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  return core::Timestamp{std::chrono::floor<std::chrono::microseconds>(fine)};
}

std::string version_of(const struct stat& status) {
  return std::to_string(status.st_ino) + '-' + std::to_string(status.st_size) + '-' +
         std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
}

// What lies there under that name; none: nothing, or no plain file.
std::optional<struct stat> look_at(const OwnedFile& folder, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    broke("a file in the import folder cannot be looked at");
  }
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return status;
}

bool is_there_as_it_was(const OwnedFile& folder, const std::string& name, const Arrival& arrival) {
  const auto status = look_at(folder, name);
  return status && version_of(*status) == arrival.version;
}

OwnedFile open_root(const std::filesystem::path& path) {
  OwnedFile root{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!root.is_open()) broke("the import folder cannot be opened");
  return root;
}

// Not open: there is none.
OwnedFile open_below(const OwnedFile& root, const char* name) {
  OwnedFile folder{::openat(root.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!folder.is_open() && errno != ENOENT) {
    broke(std::string{name} + "/ of the import folder cannot be opened");
  }
  return folder;
}

OwnedFile make_below(const OwnedFile& root, const char* name) {
  if (::mkdirat(root.get(), name, kFolderMode) != 0 && errno != EEXIST) {
    broke(std::string{name} + "/ of the import folder cannot be made");
  }
  OwnedFile folder = open_below(root, name);
  if (!folder.is_open()) broke(std::string{name} + "/ of the import folder cannot be opened");
  return folder;
}

enum class Moved { yes, taken, gone };

// Overwrites nothing, on file systems without RENAME_NOREPLACE neither.
Moved move(const OwnedFile& from,
           const std::string& name,
           const OwnedFile& to,
           const std::string& as) {
  const auto refused = [] {
    if (errno == EEXIST) return Moved::taken;
    if (errno == ENOENT) return Moved::gone;
    broke("a file in the import folder cannot be moved");
  };
  const int moved = ::renameat2(from.get(), name.c_str(), to.get(), as.c_str(), RENAME_NOREPLACE);
  if (moved == 0) return Moved::yes;
  if (errno != EINVAL && errno != ENOSYS) return refused();
  if (::linkat(from.get(), name.c_str(), to.get(), as.c_str(), 0) != 0) return refused();
  if (::unlinkat(from.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    const int why = errno;
    ::unlinkat(to.get(), as.c_str(), 0);
    errno = why;
    broke("a file in the import folder cannot be moved");
  }
  return Moved::yes;
}

// Another file had come under the name just before it was moved: it is an arrival of its own.
void put_back(const OwnedFile& from,
              const std::string& name,
              const OwnedFile& root,
              const std::string& as) {
  for (int attempt = 1; attempt <= kShelvedNamesMax; ++attempt) {
    if (move(from, name, root, shelved_name(as, attempt)) != Moved::taken) return;
  }
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

// False: there is one already.
bool write_new(const OwnedFile& folder, const std::string& name, std::string_view bytes) {
  const OwnedFile file{::openat(folder.get(),
                                name.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                kReasonMode)};
  if (!file.is_open()) {
    if (errno == EEXIST) return false;
    broke("the reason of a failed file cannot be written");
  }
  if (!write_all(file.get(), bytes)) {
    const int why = errno;
    ::unlinkat(folder.get(), name.c_str(), 0);
    errno = why;
    broke("the reason of a failed file cannot be written");
  }
  return true;
}

// Removes what it was told to, unless it was kept.
class Provisional {
 public:
  Provisional(const OwnedFile& folder, std::string name)
      : folder_(folder), name_(std::move(name)) {}
  ~Provisional() {
    if (!kept_) ::unlinkat(folder_.get(), name_.c_str(), 0);
  }
  Provisional(const Provisional&) = delete;
  Provisional& operator=(const Provisional&) = delete;
  void keep() { kept_ = true; }

 private:
  const OwnedFile& folder_;
  std::string name_;
  bool kept_ = false;
};

// Moves the file under a name that is free; `reason` beside it, where there is one.
bool put_away(const OwnedFile& root,
              const OwnedFile& shelf,
              const Arrival& arrival,
              std::optional<std::string_view> reason) {
  for (int attempt = 1; attempt <= kShelvedNamesMax; ++attempt) {
    if (!is_there_as_it_was(root, arrival.name, arrival)) return false;
    const std::string name = shelved_name(arrival.name, attempt);
    std::optional<Provisional> beside;
    if (reason) {
      if (::faccessat(shelf.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) continue;
      if (!write_new(shelf, reason_name(name), *reason)) continue;
      beside.emplace(shelf, reason_name(name));
    }
    const Moved moved = move(root, arrival.name, shelf, name);
    if (moved == Moved::taken) continue;
    if (moved == Moved::gone) return false;
    if (!is_there_as_it_was(shelf, name, arrival)) {
      put_back(shelf, name, root, arrival.name);
      return false;
    }
    if (beside) beside->keep();
    return true;
  }
  errno = EEXIST;
  broke("a file in the import folder cannot be moved, too many have its name");
}

// None: it is no file to open, or not as it was.
OwnedFile open_as_it_was(const OwnedFile& root, const Arrival& arrival) {
  OwnedFile file{
      ::openat(root.get(), arrival.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!file.is_open() && errno != ENOENT && errno != ELOOP) {
    broke("a file in the import folder cannot be read");
  }
  return file;
}

bool is_as_it_was(const OwnedFile& file, const Arrival& arrival) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) broke("a file in the import folder cannot be read");
  return S_ISREG(status.st_mode) && version_of(status) == arrival.version;
}

}  // namespace

void ImportFolder::list(Shelf shelf, const Sink& sink) {
  const OwnedFile root = open_root(folder_);
  OwnedFile place = shelf == Shelf::arrived
                        ? open_below(root, ".")
                        : open_below(root, shelf == Shelf::processed ? kProcessed : kFailed);
  if (!place.is_open()) return;
  OwnedFile listed{::dup(place.get())};
  const std::unique_ptr<DIR, CloseFolder> folder{listed.is_open() ? ::fdopendir(listed.get())
                                                                  : nullptr};
  if (!folder) broke("the import folder cannot be listed");
  static_cast<void>(listed.release());  // the DIR owns it now
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    const std::string name{static_cast<const char*>(entry->d_name)};
    if (!is_document_name(name)) continue;
    const auto status = look_at(place, name);
    if (!status) continue;
    auto since = timestamp(status->st_mtim);
    if (shelf != Shelf::arrived) since = std::max(since, timestamp(status->st_ctim));
    sink({name, status->st_size, since, version_of(*status)});
  }
  if (errno != 0) broke("the import folder cannot be listed");
}

std::optional<std::string> ImportFolder::read(const Arrival& arrival) {
  const OwnedFile root = open_root(folder_);
  const OwnedFile file = open_as_it_was(root, arrival);
  if (!file.is_open() || !is_as_it_was(file, arrival)) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(arrival.bytes), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t size = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) broke("a file in the import folder cannot be read");
    if (size == 0) return std::nullopt;
    done += static_cast<std::size_t>(size);
  }
  if (!is_as_it_was(file, arrival)) return std::nullopt;
  return bytes;
}

bool ImportFolder::accept(const Arrival& arrival) {
  const OwnedFile root = open_root(folder_);
  return put_away(root, make_below(root, kProcessed), arrival, std::nullopt);
}

bool ImportFolder::reject(const Arrival& arrival, std::string_view reason) {
  const OwnedFile root = open_root(folder_);
  return put_away(root, make_below(root, kFailed), arrival, reason);
}

void ImportFolder::remove_processed(const Arrival& processed) {
  const OwnedFile root = open_root(folder_);
  const OwnedFile shelf = open_below(root, kProcessed);
  if (!shelf.is_open() || !is_there_as_it_was(shelf, processed.name, processed)) return;
  if (::unlinkat(shelf.get(), processed.name.c_str(), 0) != 0 && errno != ENOENT) {
    broke("a processed file cannot be removed");
  }
}

std::optional<std::int64_t> ImportFolder::free_bytes() {
  struct statvfs status {};
  if (::statvfs(folder_.c_str(), &status) != 0) return std::nullopt;
  return static_cast<std::int64_t>(status.f_bavail * status.f_frsize);
}

}  // namespace infra::ingest
