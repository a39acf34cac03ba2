#include "infra/codec/snapshot.h"

#include <gtest/gtest.h>

#include "infra/codec/digest.h"
#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

TEST(Snapshot, GivesBackEveryStateExactly) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SCOPED_TRACE(seed);
    samples::Random random{seed};
    const patient::State state = samples::any_state(random);
    const auto decoded = decode_snapshot(encode_snapshot(state));
    ASSERT_TRUE(decoded) << decoded.error().why;
    ASSERT_EQ(decoded.value(), state);
  }
}

TEST(Snapshot, OfAnotherVersionIsUndecodable) {
  std::string bytes = encode_snapshot(samples::typical_state());
  bytes.front() = 2;
  EXPECT_EQ(decode_snapshot(bytes).error().why, "the snapshot is of another version");
}

TEST(Snapshot, WithAnotherChecksumIsUndecodable) {
  std::string bytes = encode_snapshot(samples::typical_state());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(decode_snapshot(bytes).error().why, "the snapshot's checksum is wrong");
}

TEST(Snapshot, OfAnyLengthButItsOwnIsUndecodable) {
  const std::string bytes = encode_snapshot(samples::typical_state());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    ASSERT_FALSE(decode_snapshot(bytes.substr(0, length))) << "length " << length;
  EXPECT_FALSE(decode_snapshot(bytes + '\0'));
}

// A cache may outlive an upgrade: the same state must stay the same bytes as long as the version
// byte does.
TEST(Snapshot, OfTheSameStateIsTheSameBytes) {
  EXPECT_EQ(sha256_hex(encode_snapshot(patient::State{})),
            "526b3faeed62520852fff5d9c684d96fdc8a8ad83b80635cb8cb704546fc816b");
  EXPECT_EQ(sha256_hex(encode_snapshot(samples::typical_state())),
            "0f6505b4364c65fc93660c5c5e761af1e4614a2b0a8a96bac2b761c9243d7fa6");
}

}  // namespace
}  // namespace infra::codec
