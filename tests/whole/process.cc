#include "tests/whole/process.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "infra/codec/json.h"

namespace whole {
namespace {

using core::Raw;

const Raw* step(const Raw* from, const std::string& name) {
  if (const auto* array = from->as<Raw::Array>()) {
    const auto at = static_cast<std::size_t>(std::stoul(name));
    return at < array->size() ? &(*array)[at] : nullptr;
  }
  const auto* object = from->as<Raw::Object>();
  if (object == nullptr) return nullptr;
  for (const auto& [key, value] : *object) {
    if (key == name) return &value;
  }
  return nullptr;
}

const Raw* find(const Raw& root, const std::string& path) {
  const Raw* at = &root;
  std::istringstream names{path};
  for (std::string name; at != nullptr && std::getline(names, name, '.');) at = step(at, name);
  return at;
}

void redirect(int to, const std::filesystem::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, to) < 0) ::_exit(126);
}

// From Linux's account of the process; 0 when there is none any more.
std::int64_t bytes_written_by(pid_t pid) {
  std::ifstream account{"/proc/" + std::to_string(pid) + "/io"};
  std::string name;
  for (std::int64_t bytes = 0; account >> name >> bytes;) {
    if (name == "wchar:") return bytes;
  }
  return 0;
}

}  // namespace

std::string Ran::at(const std::string& path) const {
  const Raw* found = find(document, path);
  return found == nullptr ? "" : infra::codec::write_json(*found);
}

std::string Ran::keys(const std::string& path) const {
  const Raw* found = path.empty() ? &document : find(document, path);
  std::string names;
  const auto* object = found == nullptr ? nullptr : found->as<Raw::Object>();
  if (object == nullptr) return names;
  for (const auto& [key, value] : *object) names += (names.empty() ? "" : " ") + key;
  return names;
}

std::size_t Ran::size(const std::string& path) const {
  const Raw* found = find(document, path);
  const auto* array = found == nullptr ? nullptr : found->as<Raw::Array>();
  return array == nullptr ? 0 : array->size();
}

Place::Place() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kartei-whole-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
}

Place::~Place() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Place::write(const std::string& name, const std::string& bytes) const {
  const std::filesystem::path file = folder_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << bytes;
  return file.string();
}

pid_t Place::start_json(Words arguments, const std::string& in) {
  arguments.insert(arguments.begin(), "--json");
  return start(arguments, in);
}

pid_t Place::start(const Words& arguments, const std::string& in) {
  return start_reading(write("in", in), arguments);
}

void Place::copy_data_of(const Place& other) {
  std::filesystem::remove_all(data());
  std::filesystem::copy(other.data(), data(), std::filesystem::copy_options::recursive);
}

pid_t Place::start_reading(const std::filesystem::path& file, const Words& arguments) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child > 0) return child;
  const std::string own = std::to_string(::getpid());
  redirect(0, file, O_RDONLY);
  redirect(1, folder_ / ("out" + own), O_WRONLY | O_CREAT | O_TRUNC);
  if (terminal.empty()) {
    redirect(2, folder_ / ("err" + own), O_WRONLY | O_CREAT | O_TRUNC);
  } else {
    redirect(2, terminal, O_WRONLY | O_NOCTTY);
  }
  if (!start_in.empty() && ::chdir(start_in.c_str()) != 0) ::_exit(126);
  if (largest_file > 0) {
    const rlimit limit{largest_file, largest_file};
    static_cast<void>(::setrlimit(RLIMIT_FSIZE, &limit));
    ::signal(SIGXFSZ, SIG_IGN);
  }
  // Root is told about closed doors as everybody is.
  static_cast<void>(::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE));
  static_cast<void>(::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH));
  ::setenv("KARTEI_DATA", data().c_str(), 1);
  ::setenv("KARTEI_CLOCK", clock.c_str(), 1);
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<const char*> words{KARTEI_PROGRAM};
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  words.push_back(nullptr);
  ::execv(KARTEI_PROGRAM, const_cast<char* const*>(words.data()));
  ::_exit(127);
}

Ran Place::end(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid) throw std::runtime_error("waitpid");
  return collect(pid, status);
}

Ran Place::collect(pid_t pid, int wait_status) const {
  const std::string own = std::to_string(pid);
  Ran ran{WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1,
          bytes_of(folder_ / ("out" + own)),
          bytes_of(folder_ / ("err" + own)),
          {}};
  std::filesystem::remove(folder_ / ("out" + own));
  std::filesystem::remove(folder_ / ("err" + own));
  const auto document = infra::codec::read_json(ran.out);
  if (document) ran.document = document.value();
  return ran;
}

Ran Place::kill(pid_t pid) {
  ::kill(pid, SIGKILL);
  return end(pid);
}

Ran Place::kill_after(std::int64_t bytes, pid_t pid) {
  std::int64_t wrote = 0;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    wrote = std::max(wrote, bytes_written_by(pid));
    if (wrote >= bytes) ::kill(pid, SIGKILL);
    std::this_thread::yield();
  }
  Ran ran = collect(pid, status);
  ran.wrote = wrote;
  return ran;
}

std::string sample(const std::string& name) {
  return std::string{SOURCE_ROOT} + "/tests/data/" + name;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream bytes;
  std::ifstream in{file, std::ios::binary};
  if (in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
  return bytes.str();
}

Words new_patient(const std::string& id) {
  Words words{"patient", "create"};
  for (const char* set : {"anrede=Frau", "geschlecht=weiblich", "vorname=Ada", "nachname=Probe"}) {
    words.insert(words.end(), {"--set", set});
  }
  if (!id.empty()) words.insert(words.end(), {"--id", id});
  return words;
}

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace whole
