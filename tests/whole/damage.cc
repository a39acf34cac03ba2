#include "tests/whole/damage.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/whole/rows.h"

namespace whole {

namespace fs = std::filesystem;

void fill(Place& place) {
  const std::vector<Words> commands = {
      {"import", "registrations", sample("registrations")},
      {"import", "communications", sample("communication-events.jsonl")},
      {"patient", "exclude", "3", "301", "--reason", "Kälte"},
      {"patient", "status", "4", "in_Therapie"},
      {"patient", "delete", "5"}};
  for (const Words& words : commands) {
    const Ran ran = place.json(words);
    ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  }
  expect_in_order(place);
}

void remove(const fs::path& file) { fs::remove(file); }

void empty(const fs::path& file) { fs::resize_file(file, 0); }

void cut_in_half(const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); }

void fill_with_garbage(const fs::path& file) {
  std::string garbage(fs::file_size(file), '\0');
  unsigned state = 1;
  for (char& byte : garbage) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  std::ofstream{file, std::ios::binary} << garbage;
}

void flip_bit(const fs::path& file, std::uintmax_t byte, int bit) {
  std::fstream opened{file, std::ios::binary | std::ios::in | std::ios::out};
  opened.seekg(static_cast<std::streamoff>(byte));
  const int old = opened.get();
  opened.seekp(static_cast<std::streamoff>(byte));
  opened.put(static_cast<char>(old ^ (1 << bit)));
}

}  // namespace whole
