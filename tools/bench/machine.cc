#include "tools/bench/machine.h"

#include <sys/utsname.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "infra/sqlite/connection.h"
#include "infra/sqlite/statement.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

// What stands behind the colon in the first line that begins with `name`.
std::string line_of(const char* file, const std::string& name) {
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (!line.starts_with(name) || colon == std::string::npos) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "unknown";
}

std::string memory() {
  std::istringstream text{line_of("/proc/meminfo", "MemTotal")};
  double kilobytes = 0;
  text >> kilobytes;
  return std::to_string(static_cast<int>(kilobytes / 1024 / 1024 + 0.5)) + " GiB";
}

// The type of the longest mount point that `folder` is in.
std::string file_system(const fs::path& folder) {
  std::ifstream mounts{"/proc/mounts"};
  std::string best = "unknown";
  std::size_t longest = 0;
  const std::string path = fs::canonical(folder).string() + '/';
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words{line};
    std::string device;
    std::string point;
    std::string type;
    words >> device >> point >> type;
    if (point.back() != '/') point += '/';
    if (!path.starts_with(point) || point.size() < longest) continue;
    longest = point.size();
    best = type;
  }
  return best;
}

}  // namespace

std::string machine(const fs::path& folder) {
  utsname system{};
  uname(&system);
  infra::sqlite::Connection connection{":memory:", infra::sqlite::Open::create};
  infra::sqlite::Statement sqlite{connection, "SELECT sqlite_version()"};
  static_cast<void>(sqlite.step());
  return line_of("/proc/cpuinfo", "model name") + ", " +
         std::to_string(std::thread::hardware_concurrency()) + " cores, " + memory() + ", " +
         file_system(folder) + ", Linux " + system.release + ", g++ " + __VERSION__ + ", SQLite " +
         std::string{sqlite.bytes(0)};
}

}  // namespace bench
