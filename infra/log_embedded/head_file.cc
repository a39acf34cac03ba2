#include "infra/log_embedded/head_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "domain/core/broken.h"

namespace infra::log_embedded {
namespace {

// Frozen: magic, incarnation (two), count, that many ends, XXH3-64 of all before it; each a
// little-endian 64-bit number.
constexpr std::int64_t kMagic = 0x31644865'74726b31;
constexpr std::size_t kFrame = 5;
constexpr std::size_t kEndsMax = ports::kPartitionsMax * ports::kTopicCount;

std::int64_t sum_of(const std::int64_t* numbers, std::size_t count) {
  return static_cast<std::int64_t>(XXH3_64bits(numbers, count * sizeof *numbers));
}

}  // namespace

HeadFile::HeadFile(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) {
    throw core::Broken(
        core::Breakage::io,
        path.string() + ": cannot be opened: " + std::generic_category().message(errno));
  }
}

HeadFile::~HeadFile() { ::close(file_); }

std::optional<HeadFile::Head> HeadFile::read() const {
  std::vector<std::int64_t> numbers(kEndsMax + kFrame);
  const ssize_t size = pread(file_, numbers.data(), numbers.size() * sizeof(std::int64_t), 0);
  if (size < static_cast<ssize_t>(kFrame * sizeof(std::int64_t))) return std::nullopt;
  const auto count = static_cast<std::size_t>(size) / sizeof(std::int64_t);
  const auto ends = static_cast<std::uint64_t>(numbers[3]);
  if (numbers[0] != kMagic || ends > kEndsMax || count < ends + kFrame) return std::nullopt;
  const std::size_t summed = static_cast<std::size_t>(ends) + kFrame - 1;
  if (numbers[summed] != sum_of(numbers.data(), summed)) return std::nullopt;
  core::Uuid incarnation;
  std::memcpy(incarnation.bytes.data(), &numbers[1], incarnation.bytes.size());
  return Head{ports::Incarnation{incarnation},
              {numbers.begin() + 4, numbers.begin() + 4 + static_cast<std::ptrdiff_t>(ends)}};
}

void HeadFile::write(const ports::Incarnation& incarnation,
                     const std::vector<std::int64_t>& ends) noexcept {
  buffer_.assign(ends.size() + kFrame, 0);
  buffer_[0] = kMagic;
  std::memcpy(&buffer_[1], incarnation.get().bytes.data(), incarnation.get().bytes.size());
  buffer_[3] = static_cast<std::int64_t>(ends.size());
  std::memcpy(&buffer_[4], ends.data(), ends.size() * sizeof(std::int64_t));
  buffer_.back() = sum_of(buffer_.data(), buffer_.size() - 1);
  const ssize_t written = pwrite(file_, buffer_.data(), buffer_.size() * sizeof(std::int64_t), 0);
  static_cast<void>(written);
}

}  // namespace infra::log_embedded
