#pragma once

#include <filesystem>

namespace infra::read_models {

// Removes an SQLite file with its companions. Nothing happens when there is none. Throws
// core::Broken (io).
void remove_database(const std::filesystem::path& file);

}  // namespace infra::read_models
