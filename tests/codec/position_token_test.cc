#include "infra/codec/position_token.h"

#include <gtest/gtest.h>

#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

using ports::Offset;
using ports::Partition;
using ports::PositionToken;

const PositionToken kToken{
    ports::Incarnation{samples::uuid(0xAB)},
    {{Partition{0}, Offset{0}, Offset{7}}, {Partition{11}, Offset{120}, Offset{INT64_MAX}}}};
constexpr auto kText = "1.abababababababababababababababab.0-0-7.11-120-9223372036854775807";

TEST(PositionToken, IsThisText) { EXPECT_EQ(format(kToken), kText); }

TEST(PositionToken, IsReadBack) {
  EXPECT_EQ(parse_position(kText), kToken);
  const PositionToken nowhere{kToken.incarnation, {}};
  EXPECT_EQ(parse_position(format(nowhere)), nowhere);
}

TEST(PositionToken, IsNothingElse) {
  const std::string hex(32, 'a');
  for (const std::string& text : {std::string{},
                                  std::string{"1."},
                                  "2." + hex,
                                  "1." + std::string(31, 'a'),
                                  "1." + std::string(32, 'A'),
                                  "1." + std::string(32, 'g'),
                                  "1." + hex + ".",
                                  "1." + hex + ".0-1",
                                  "1." + hex + ".0-1-",
                                  "1." + hex + ".0-1-2.",
                                  "1." + hex + ".0-1-2 ",
                                  "1." + hex + ".00-1-2",
                                  "1." + hex + ".0-01-2",
                                  "1." + hex + ".0--1-2",
                                  "1." + hex + ".+0-1-2",
                                  "1." + hex + ".1024-1-2",
                                  "1." + hex + ".0-1-9223372036854775808",
                                  "1." + hex + ".1-1-2.0-1-2",
                                  "1." + hex + ".1-1-2.1-1-2",
                                  std::string(1'000'000, '1')}) {
    EXPECT_EQ(parse_position(text), std::nullopt) << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace infra::codec
