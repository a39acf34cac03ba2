#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "infra/http/message.h"
#include "infra/http/reply.h"

namespace infra::http {

// What one server puts up with. Times are kept by a coarse clock: up to a quarter of the shortest
// one (at most half a second) late.
struct Limits {
  std::size_t header_bytes = std::size_t{16} * 1024;      // beyond: 431
  std::size_t body_bytes = std::size_t{4} * 1024 * 1024;  // beyond: 413
  std::chrono::milliseconds header_timeout{10'000};  // from connection or first byte; TLS as well
  std::chrono::milliseconds body_timeout{30'000};    // from the end of the header
  std::chrono::milliseconds idle_timeout{75'000};    // between requests
  std::chrono::milliseconds write_timeout{30'000};   // for each 16 kB that the client has to take
  std::size_t connections_max = 20'000;              // beyond: 503 and closed
  // Requests that a handler has and has not answered. Beyond: 503 with Retry-After. Event streams
  // do not count once they stream.
  std::size_t in_flight_max = 4'096;
  std::size_t stream_buffer_bytes = std::size_t{256} * 1024;  // of each event stream
  std::chrono::milliseconds stream_heartbeat{15'000};         // silence before a comment is sent
};

struct Listen {
  std::string host;        // address or name; of a name's addresses the first, IPv4 before IPv6
  std::uint16_t port = 0;  // 0: any that is free
};

// Files in PEM; both are read once, by the constructor. TLS 1.2 and newer.
struct Tls {
  std::string certificate_chain_file;
  std::string private_key_file;
};

// One exchange that is over. Points into what lives only during the call.
struct Exchange {
  std::string_view method;  // empty: the request could not be read so far
  std::string_view route;   // of the answer; empty when the transport answered by itself
  std::string_view asker;   // of the answer; empty: nobody that is known
  std::string_view remote;  // address of the peer
  int status = 0;
  // Of body that were sent. Of a stream that was cut off, also those that were on their way.
  std::size_t bytes = 0;
  std::chrono::nanoseconds duration{};  // since the request's first byte
  bool complete = false;                // all of the answer was handed to the system
};

// Takes a request whose body has come. Called on an I/O thread, so it must not block; it may answer
// there or later, from any thread. An exception becomes a 500.
using Handler = std::function<void(Request, Reply)>;
// Called on an I/O thread after each answer, also after those that no handler gave. Must not block
// or throw.
using Observer = std::function<void(const Exchange&)>;

struct Options {
  Listen listen;
  Limits limits = {};
  std::optional<Tls> tls = {};  // none: plain HTTP
  int io_threads = 1;           // at least one
  Observer observer = {};       // may be empty
};

// HTTP/1.0 and 1.1 on one port. Requests of a connection are handled one after another, so that
// answers keep their order. What is no HTTP never reaches the handler: it is answered with a
// problem document and the connection ends. All members may be called from any thread, except that
// an I/O thread must not stop or destroy the server.
class Server {
 public:
  // Listens when it returns; who connects waits for serve(). Throws core::Broken (io) with a
  // sentence that names the address when it cannot listen there, or the file when certificate or
  // key cannot be used.
  explicit Server(Options options);
  // Serves, too.
  Server(Options options, Handler handler);
  ~Server();  // stop(), without patience
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Begins to answer. At most once, and not beside stop().
  void serve(Handler handler);

  [[nodiscard]] std::uint16_t port() const;
  // Connections that are open now.
  [[nodiscard]] std::size_t connections() const;

  // Accepts no more, closes connections that wait for a request, ends event streams, and lets
  // requests whose header has come finish. What is unanswered or unsent after `deadline` is cut
  // off. When it returns, no handler, observer or callback runs or will run. Again: nothing.
  void stop(std::chrono::milliseconds deadline);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::http
