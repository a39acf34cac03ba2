#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace testing_kafka {

// Stands between clients and the broker of this run and knows of Kafka's protocol just enough to
// let a request to commit a transaction (EndTxn) go astray. The brokers' answers name the proxy in
// their place, so that every connection goes through it.
class Proxy {
 public:
  Proxy();
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  enum class Mishap {
    none,
    held,           // it stays here, and the client waits for an answer
    lost,           // it goes nowhere, and the network is gone
    answered_late,  // the broker gets it; the network is gone before it can answer
  };
  // What happens to the next request to commit, once.
  void set_mishap(Mishap mishap) { mishap_ = mishap; }
  // The network is there again.
  void mend() { cut_ = false; }

  // Hands the held request to the broker: now, or right before the next records go there. The
  // broker's answer is an error code of the protocol.
  [[nodiscard]] std::int16_t release();
  void release_before_next_records() { release_before_next_records_ = true; }
  // Waits for the answer to what release_before_next_records() handed over.
  [[nodiscard]] std::int16_t released_with() const;

 private:
  struct Link {
    int client;
    int broker;
    std::string from_client;
    std::string from_broker;
  };

  void run();
  void accept_one();
  // False: the link is done with.
  bool pass_on(Link& link, bool to_broker);
  bool pass_request(Link& link, const std::string& frame);
  void drop_all();

  int broker_port_;
  int listener_ = -1;
  int port_ = 0;
  std::vector<Link> links_;  // the thread's own
  std::string held_;         // written by the thread before `is_held_`
  std::atomic<bool> is_held_ = false;
  std::atomic<Mishap> mishap_ = Mishap::none;
  std::atomic<bool> cut_ = false;
  std::atomic<bool> release_before_next_records_ = false;
  std::atomic<int> released_with_;
  std::atomic<bool> done_ = false;
  std::thread thread_;  // last: it uses what is above
};

}  // namespace testing_kafka
