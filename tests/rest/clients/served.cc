#include "tests/rest/clients/served.h"

#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "tests/kafka/following.h"

namespace testing_rest {
namespace {

constexpr std::chrono::seconds kPatience{60};

// The text between the quotes of {"listening": "http://…"}; empty: the line is not there yet.
std::string address_in(const std::string& out) {
  const std::size_t begin = out.find("\"http");
  if (begin == std::string::npos || out.find('\n') == std::string::npos) return "";
  return out.substr(begin + 1, out.find('"', begin + 1) - begin - 1);
}

}  // namespace

Served::Served(whole::Place& place, const whole::Words& options)
    : place_(place),
      pid_(place.start_json(whole::with({"serve", "--listen", "127.0.0.1:0"}, options))) {
  const auto out = place.folder() / ("out" + std::to_string(pid_));
  const auto listens = [&] {
    url_ = address_in(whole::bytes_of(out));
    return !url_.empty();
  };
  if (testing_kafka::await_change(place.folder(), listens, kPatience)) return;
  throw std::runtime_error("serve does not listen: " + place_.kill(pid_).err);
}

Served::~Served() {
  if (pid_ != 0) place_.kill(pid_);
}

bool Served::await(const std::string& text) const {
  const auto err = place_.folder() / ("err" + std::to_string(pid_));
  return testing_kafka::await_change(
      place_.folder(),
      [&] { return whole::bytes_of(err).find(text) != std::string::npos; },
      kPatience);
}

std::uint16_t Served::port() const {
  return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

std::int64_t Served::memory_peak_kb() const {
  const std::string status = whole::bytes_of("/proc/" + std::to_string(pid_) + "/status");
  return std::stoll(status.substr(status.find("VmHWM:") + 6));
}

void Served::strike() const { ::kill(pid_, SIGKILL); }

whole::Ran Served::end() {
  whole::Ran ran = place_.end(pid_);
  pid_ = 0;
  return ran;
}

whole::Ran Served::stop() {
  ::kill(pid_, SIGTERM);
  return end();
}

whole::Ran run_command(const std::string& command) {
  whole::Ran ran{-1, "", "", {}};
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::array<char, 4096> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) ran.out += buffer.data();
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

whole::Ran morning(const std::string& url) {
  return run_command("PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 " SOURCE_ROOT
                     "/tests/rest/clients/morning.py " +
                     url);
}

}  // namespace testing_rest
