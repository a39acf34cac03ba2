#pragma once

#include <unistd.h>

#include <utility>

namespace infra::ingest {

// Owns a file descriptor; none is -1. Moved from, it owns none.
class OwnedFile {
 public:
  explicit OwnedFile(int file) : file_(file) {}
  OwnedFile(OwnedFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  OwnedFile& operator=(OwnedFile&&) = delete;
  ~OwnedFile() {
    if (file_ >= 0) ::close(file_);
  }

  [[nodiscard]] bool is_open() const noexcept { return file_ >= 0; }
  [[nodiscard]] int get() const noexcept { return file_; }
  // Hands the descriptor over.
  [[nodiscard]] int release() noexcept { return std::exchange(file_, -1); }

 private:
  int file_;
};

}  // namespace infra::ingest
