#pragma once

#include <filesystem>
#include <string>

namespace bench {

// What ran it, in one paragraph: processor, cores, memory, the file system under `folder`, kernel,
// compiler, SQLite.
[[nodiscard]] std::string machine(const std::filesystem::path& folder);

}  // namespace bench
