#include "infra/http/client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/fields.hpp>
#include <thread>
#include <vector>

#include "infra/http/wire.h"

namespace infra::http {
namespace {

namespace beast = boost::beast;
using SteadyClock = std::chrono::steady_clock;
using Timer =
    boost::asio::basic_waitable_timer<SteadyClock, boost::asio::wait_traits<SteadyClock>, Executor>;

constexpr std::size_t kKeptMax = 16;

// What belongs to one connection (RFC 9110, 7.6.1), or is said by every server anew.
bool is_of_the_transport(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames{"Connection",
                                                   "Content-Length",
                                                   "Date",
                                                   "Keep-Alive",
                                                   "Server",
                                                   "TE",
                                                   "Trailer",
                                                   "Transfer-Encoding",
                                                   "Upgrade"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view one) {
    return equal_ignoring_case(name, one);
  });
}

std::string_view text(beast::string_view view) { return {view.data(), view.size()}; }

WireRequest on_the_wire(Request request, const Origin& to) {
  WireRequest wire;
  wire.method_string(request.method);
  wire.target(request.target);
  wire.version(11);
  for (const Header& header : request.headers) wire.insert(header.name, header.value);
  wire.set(beast::http::field::host, to.authority());
  wire.body() = std::move(request.body);
  wire.content_length(wire.body().size());
  return wire;
}

Response read_back(WireAnswer& answer) {
  auto message = answer.release();
  Response response;
  response.status = static_cast<int>(message.result_int());
  response.content_type = text(message[beast::http::field::content_type]);
  for (const auto& field : message) {
    const std::string_view name = text(field.name_string());
    if (field.name() != beast::http::field::content_type && !is_of_the_transport(name))
      response.headers.push_back({std::string{name}, std::string{text(field.value())}});
  }
  response.body = std::move(message.body());
  return response;
}

// What the client's thread has, and nobody else.
struct Desk {
  explicit Desk(const ClientOptions& given) : options(given), trust(given.ca_file) {}

  const ClientOptions options;
  Trust trust;
  std::atomic<std::size_t> together = 0;  // this one is for any thread
  boost::asio::io_context io{1};
  Origin known;  // that `kept` lead to
  std::vector<std::unique_ptr<Wire>> kept;
};

// One request on its way. Whoever will call it back keeps it alive.
class Sending final : public std::enable_shared_from_this<Sending> {
 public:
  Sending(Desk& desk, Origin to, Request request, Client::Answered answered)
      : desk_(desk),
        to_(std::move(to)),
        request_(on_the_wire(std::move(request), to_)),
        answered_(std::move(answered)),
        timer_(desk.io),
        resolver_(desk.io) {}

  void begin() {
    if (desk_.known != to_) {
      desk_.kept.clear();
      desk_.known = to_;
    }
    if (desk_.kept.empty()) return connect();
    wire_ = std::move(desk_.kept.back());
    desk_.kept.pop_back();
    was_kept_ = true;
    exchange();
  }

 private:
  void connect() {
    limit(desk_.options.connect_timeout);
    resolver_.async_resolve(to_.host,
                            std::to_string(to_.port),
                            Resolver::numeric_service,
                            [self = shared_from_this()](const NetError& error, const auto& places) {
                              if (self->is_over_ || error) return self->fail(error);
                              self->wire_ = self->desk_.trust.make_wire(self->desk_.io, self->to_);
                              self->wire_->open(places, [self](const NetError& failed) {
                                if (self->is_over_ || failed) return self->fail(failed);
                                self->exchange();
                              });
                            });
  }

  void exchange() {
    limit(desk_.options.answer_timeout);
    answer_.emplace();
    answer_->body_limit(desk_.options.answer_bytes);
    may_have_arrived_ = true;
    wire_->exchange(request_, *answer_, [self = shared_from_this()](const NetError& error) {
      if (self->is_over_) return;
      if (!error) return self->succeed();
      if (!self->was_kept_ || self->answer_->got_some()) return self->fail(error);
      self->was_kept_ = false;  // The other side may have closed it long ago.
      self->is_second_ = true;
      self->connect();
    });
  }

  void limit(std::chrono::milliseconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](const NetError& stopped) {
      if (stopped || self->is_over_ || self->timer_.expiry() > SteadyClock::now()) return;
      self->fail(boost::asio::error::timed_out);
    });
  }

  void succeed() {
    const unsigned status = answer_->get().result_int();
    if (status < 200) return fail(beast::http::error::bad_status);  // Not asked for: a last one.
    if (is_second_ && (status == 401 || status == 403 || status == 503))
      return fail(boost::asio::error::connection_reset);  // Which the first one met.
    const bool keeps = answer_->keep_alive() && wire_->is_clean() && desk_.known == to_ &&
                       desk_.kept.size() < kKeptMax;
    if (keeps) desk_.kept.push_back(std::move(wire_));
    end(read_back(*answer_));
  }

  void fail(const NetError& error) {
    if (!is_over_) end(NoAnswer{may_have_arrived_, error.message()});
  }

  void end(std::variant<Response, NoAnswer> answer) {
    is_over_ = true;
    timer_.cancel();
    resolver_.cancel();
    if (wire_) wire_->close();
    --desk_.together;
    std::exchange(answered_, {})(std::move(answer));
  }

  Desk& desk_;
  const Origin to_;
  const WireRequest request_;
  Client::Answered answered_;
  Timer timer_;
  Resolver resolver_;
  std::unique_ptr<Wire> wire_;  // none: not connected, or kept for the next one
  std::optional<WireAnswer> answer_;
  bool was_kept_ = false;   // the connection: it may be dead
  bool is_second_ = false;  // the request was sent before, on a connection that died
  bool may_have_arrived_ = false;
  bool is_over_ = false;
};

}  // namespace

struct Client::Parts {
  explicit Parts(const ClientOptions& options) : desk(options) {}

  Desk desk;
  boost::asio::executor_work_guard<Executor> work{desk.io.get_executor()};
  std::thread thread{[this] { desk.io.run(); }};
};

Client::Client(ClientOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}

Client::~Client() {
  parts_->desk.io.stop();
  parts_->thread.join();
}

bool Client::send(const Origin& to, Request request, Answered answered) {
  Desk& desk = parts_->desk;
  if (desk.together++ >= desk.options.together_max) {
    --desk.together;
    return false;
  }
  auto sending = std::make_shared<Sending>(desk, to, std::move(request), std::move(answered));
  boost::asio::post(desk.io, [sending = std::move(sending)] { sending->begin(); });
  return true;
}

}  // namespace infra::http
