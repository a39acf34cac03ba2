#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace testing_http {

struct Answer {
  int status = 0;
  std::map<std::string, std::string>
      headers;  // names in lower case; a repeated one: joined by ", "
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const;  // empty: not there
};

// A client that is nothing but a socket to 127.0.0.1, or to ::1. Whatever does not happen within a
// minute throws, as does what the system refuses.
class Peer {
 public:
  explicit Peer(std::uint16_t port);
  // With so small a window that a server soon has to wait for us.
  static Peer that_reads_slowly(std::uint16_t port);
  static Peer over_ipv6(std::uint16_t port);
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&&) = delete;

  // False: the server has closed the connection meanwhile.
  bool send(std::string_view bytes);
  // Nothing more will be sent; what comes can still be read.
  void end_sending();
  // Gone without a word of goodbye: what is under way is reset.
  void vanish();

  // One answer; `head`: to a request without body in its answer. Status 0: the connection ended.
  Answer answer(bool head = false);
  // Everything up to and with `mark`, or up to the end.
  std::string read_until(std::string_view mark);
  // What still comes until the server closes the connection.
  std::string read_to_the_end();

 private:
  // Not connected. `receive_bytes`: of the system's buffer, 0 for as many as it likes.
  Peer(int family, int receive_bytes);
  template <class Address>
  void connect_to(const Address& address);
  // False: the end, in order or by a reset.
  bool receive();
  std::string take(std::size_t bytes);
  std::string read_chunks();

  int socket_ = -1;
  std::string received_;
};

// The request as text: a first line without its version, more headers, a body with its length.
[[nodiscard]] std::string request(std::string_view first_line,
                                  std::string_view headers = "",
                                  std::string_view body = "");

}  // namespace testing_http
