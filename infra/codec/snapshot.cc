#include "infra/codec/snapshot.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cereal/archives/portable_binary.hpp>
#include <cstdint>
#include <istream>
#include <ostream>
#include <streambuf>

#include "infra/codec/snapshot_layout.h"

namespace infra::codec {
namespace {

using core::Failure;
using ports::Undecodable;

constexpr char kSnapshotVersion = 1;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kHeaderBytes = 1 + kChecksumBytes;

// Streams over a string: std::stringstream would copy every snapshot once more.
class Appending final : public std::streambuf {
 public:
  explicit Appending(std::string& out) : out_(out) {}

 private:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    out_.append(bytes, static_cast<std::size_t>(count));
    return count;
  }
  int_type overflow(int_type c) override {
    if (c != traits_type::eof()) out_ += traits_type::to_char_type(c);
    return traits_type::not_eof(c);
  }

  std::string& out_;
};

class Viewing final : public std::streambuf {
 public:
  explicit Viewing(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] bool at_end() const { return left_.empty(); }

 private:
  std::streamsize xsgetn(char* out, std::streamsize count) override {
    const std::string_view taken = left_.substr(0, static_cast<std::size_t>(count));
    std::copy(taken.begin(), taken.end(), out);
    left_.remove_prefix(taken.size());
    return static_cast<std::streamsize>(taken.size());
  }

  std::string_view left_;
};

std::array<char, kChecksumBytes> checksum(std::string_view payload) {
  std::uint64_t hash = XXH3_64bits(payload.data(), payload.size());
  std::array<char, kChecksumBytes> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(hash & 0xFF);
    hash >>= 8;
  }
  return bytes;
}

bool has_checksum(std::string_view header, std::string_view payload) {
  const auto expected = checksum(payload);
  return std::equal(expected.begin(), expected.end(), header.begin() + 1);
}

}  // namespace

std::string encode_snapshot(const patient::State& state) {
  std::string bytes(kHeaderBytes, '\0');
  bytes.reserve(2048);
  Appending buffer{bytes};
  std::ostream stream{&buffer};
  {
    cereal::PortableBinaryOutputArchive archive{
        stream, cereal::PortableBinaryOutputArchive::Options::LittleEndian()};
    archive(state);
  }
  const auto sum = checksum(std::string_view{bytes}.substr(kHeaderBytes));
  bytes.front() = kSnapshotVersion;
  std::copy(sum.begin(), sum.end(), bytes.begin() + 1);
  return bytes;
}

core::Result<patient::State, Undecodable> decode_snapshot(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return Failure{Undecodable{"the snapshot is too short"}};
  if (bytes.front() != kSnapshotVersion)
    return Failure{Undecodable{"the snapshot is of another version"}};
  const std::string_view payload = bytes.substr(kHeaderBytes);
  if (!has_checksum(bytes, payload))
    return Failure{Undecodable{"the snapshot's checksum is wrong"}};
  Viewing buffer{payload};
  std::istream stream{&buffer};
  patient::State state;
  try {
    cereal::PortableBinaryInputArchive archive{stream};
    archive(state);
  } catch (const cereal::Exception&) {
    return Failure{Undecodable{"the snapshot's layout is another one"}};
  }
  if (!buffer.at_end()) return Failure{Undecodable{"the snapshot goes on behind its end"}};
  return state;
}

}  // namespace infra::codec
