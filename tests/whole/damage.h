#pragma once

#include <filesystem>
#include <string>

#include "tests/whole/process.h"

namespace whole {

// Twelve patients, their contacts, an exclusion and a deletion; every cache is there.
void fill(Place& place);

// Ways to spoil a file.
void remove(const std::filesystem::path& file);
void empty(const std::filesystem::path& file);
void cut_in_half(const std::filesystem::path& file);
void fill_with_garbage(const std::filesystem::path& file);
void flip_bit(const std::filesystem::path& file, std::uintmax_t byte, int bit);

}  // namespace whole
