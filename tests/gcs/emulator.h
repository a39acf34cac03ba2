#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <thread>

#include "infra/outgoing/client.h"

namespace testing_gcs {

// fake-gcs-server on a port of 127.0.0.1, its objects in memory. It ends with the object, and with
// this process. It knows generations of what is read, copied and written, not of what is removed.
class Emulator {
 public:
  // Returns when it answers. Throws std::runtime_error with what it said when it does not.
  Emulator();
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  // One for the whole program.
  static Emulator& shared();

  [[nodiscard]] const std::string& url() const { return url_; }
  // A new one, empty.
  std::string make_bucket();
  void put(const std::string& bucket, const std::string& name, const std::string& bytes);
  // Content by name, of the objects with that prefix and no slash behind it.
  std::map<std::string, std::string> objects(const std::string& bucket, const std::string& prefix);

 private:
  std::string ask(const infra::outgoing::Request& request);
  void drain(int pipe);

  std::string url_;
  pid_t pid_ = 0;
  std::thread reader_;  // of what it says
  infra::outgoing::Client client_;
  int buckets_ = 0;
};

}  // namespace testing_gcs
