#include "tests/gcs/emulator.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "infra/codec/json.h"
#include "infra/gcs/member.h"

namespace testing_gcs {
namespace {

using infra::gcs::member;
using infra::outgoing::percent_encoded;

constexpr const char* kProgram = SOURCE_ROOT "/tests/gcs/emulator";

// One that was free a moment ago.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  ::close(socket);
  return ntohs(address.sin_port);
}

}  // namespace

Emulator::Emulator() {
  const std::string port = std::to_string(free_port());
  url_ = "http://127.0.0.1:" + port;
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("pipe");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(pipe[1], 1);
    ::dup2(pipe[1], 2);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execl(kProgram,
            kProgram,
            "-scheme",
            "http",
            "-host",
            "127.0.0.1",
            "-port",
            port.c_str(),
            "-backend",
            "memory",
            nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::string said;
  std::array<char, 4096> buffer;
  while (said.find("server started") == std::string::npos) {
    const ssize_t size = ::read(pipe[0], buffer.data(), buffer.size());
    if (size <= 0) throw std::runtime_error("the emulator does not start: " + said);
    said.append(buffer.data(), static_cast<std::size_t>(size));
  }
  reader_ = std::thread{[this, end = pipe[0]] { drain(end); }};
}

Emulator::~Emulator() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  reader_.join();
}

Emulator& Emulator::shared() {
  static Emulator emulator;
  return emulator;
}

// So that it never waits for somebody who reads.
void Emulator::drain(int pipe) {
  std::array<char, 4096> buffer;
  while (::read(pipe, buffer.data(), buffer.size()) > 0) {
  }
  ::close(pipe);
}

std::string Emulator::make_bucket() {
  const std::string name = "arrivals-" + std::to_string(++buckets_);
  ask({"POST",
       url_ + "/storage/v1/b?project=test",
       {{"Content-Type", "application/json"}},
       R"({"name": ")" + name + "\"}"});
  return name;
}

void Emulator::put(const std::string& bucket, const std::string& name, const std::string& bytes) {
  ask({"POST",
       url_ + "/upload/storage/v1/b/" + bucket +
           "/o?uploadType=media&name=" + percent_encoded(name),
       {{"Content-Type", "application/json"}},
       bytes});
}

std::map<std::string, std::string> Emulator::objects(const std::string& bucket,
                                                     const std::string& prefix) {
  const std::string path = url_ + "/storage/v1/b/" + bucket + "/o";
  const auto list = infra::codec::read_json(
      ask({"GET", path + "?delimiter=%2F&prefix=" + percent_encoded(prefix)}));
  std::map<std::string, std::string> all;
  const auto* items = member<core::Raw::Array>(list.value(), "items");
  if (items == nullptr) return all;
  for (const core::Raw& item : *items) {
    const std::string& name = *member<std::string>(item, "name");
    all.emplace(name.substr(prefix.size()),
                ask({"GET", path + '/' + percent_encoded(name) + "?alt=media"}));
  }
  return all;
}

std::string Emulator::ask(const infra::outgoing::Request& request) {
  const auto response = client_.send(request);
  if (response.status != 200) {
    throw std::runtime_error("the emulator says " + std::to_string(response.status) + ' ' +
                             response.body);
  }
  return response.body;
}

}  // namespace testing_gcs
