#pragma once

#include <string>
#include <thread>

namespace testing_outgoing {

// A server on a port of 127.0.0.1 that answers each connection's first bytes with the same ones,
// and closes it; with none, it says nothing until the client is gone.
class RawServer {
 public:
  explicit RawServer(std::string answer);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  void serve();

  std::string answer_;
  std::string url_;
  int socket_;
  std::thread thread_;
};

}  // namespace testing_outgoing
