#include "tests/tools/program.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "infra/runtime/settings.h"
#include "tools/kartei/run.h"

namespace tests {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kartei-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& bytes) const {
  const std::filesystem::path file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << bytes;
  return file.string();
}

Program::Program() : data_(folder_.path() / "data") {
  for (const auto& setting : infra::runtime::all_settings()) {
    ::unsetenv(std::string{setting.variable}.c_str());
  }
  ::setenv("KARTEI_DATA", data_.c_str(), 1);
  ::setenv("KARTEI_CLOCK", "2026-02-01T09:00:00Z", 1);
}

Ran Program::run(std::vector<std::string> arguments, const std::string& in) const {
  std::vector<const char*> argv{"kartei"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::istringstream input{in};
  std::ostringstream out;
  std::ostringstream err;
  const auto start = kartei::start_of_process(static_cast<int>(argv.size()), argv.data());
  const int status = kartei::run({start, input, out, err});
  return {status, out.str(), err.str()};
}

}  // namespace tests
