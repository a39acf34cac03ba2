#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "infra/codec/json.h"

// The sample documents in tests/data.
namespace documents {

[[nodiscard]] inline std::filesystem::path folder() {
  return std::filesystem::path{SOURCE_ROOT} / "tests/data";
}

[[nodiscard]] inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{folder() / file, std::ios::binary};
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>{stream}, {}};
}

[[nodiscard]] inline core::Raw json(std::string_view text) {
  auto read = infra::codec::read_json(text);
  if (read) return std::move(read).value();
  ADD_FAILURE() << read.error().message;
  return core::Raw{};
}

}  // namespace documents
