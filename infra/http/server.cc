#include "infra/http/server.h"

#include <mutex>

#include "domain/core/expects.h"
#include "infra/http/listener.h"
#include "infra/http/worker.h"

namespace infra::http {

struct Server::Parts {
  explicit Parts(Options options)
      : shared{.limits = options.limits,
               .handler = {},
               .observer = std::move(options.observer),
               .tls = options.tls ? std::make_unique<TlsContext>(*options.tls) : nullptr},
        workers(make_workers(shared, options.io_threads)),
        listener(shared, options.listen, pointers(workers)) {}

  using Workers = std::vector<std::unique_ptr<Worker>>;
  static Workers make_workers(Shared& shared, int count) {
    core::expects(count >= 1, "a server has at least one I/O thread");
    Workers workers;
    for (int i = 0; i < count; ++i) workers.push_back(std::make_unique<Worker>(shared));
    return workers;
  }
  static std::vector<Worker*> pointers(const Workers& workers) {
    std::vector<Worker*> all;
    for (const auto& worker : workers) all.push_back(worker.get());
    return all;
  }

  Shared shared;
  Workers workers;
  Listener listener;
  std::mutex stop_mutex;  // who stops waits for another who does
  bool stopped = false;
};

Server::Server(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}

Server::Server(Options options, Handler handler) : Server(std::move(options)) {
  serve(std::move(handler));
}

void Server::serve(Handler handler) {
  core::expects(!parts_->shared.handler, "a server has one handler");
  parts_->shared.handler = std::move(handler);
  for (const auto& worker : parts_->workers) worker->start();
  parts_->listener.start();
}

Server::~Server() { stop(std::chrono::milliseconds{0}); }

std::uint16_t Server::port() const { return parts_->listener.port(); }

std::size_t Server::connections() const { return parts_->shared.connections; }

void Server::stop(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  const std::lock_guard only_one{parts_->stop_mutex};
  if (parts_->stopped) return;
  parts_->stopped = true;
  Shared& shared = parts_->shared;
  shared.stopping = true;
  parts_->listener.close();
  for (const auto& worker : parts_->workers) worker->begin_stop();
  {
    std::unique_lock lock{shared.mutex};
    shared.quiet.wait_until(lock, until, [&] { return shared.busy == 0; });
  }
  for (const auto& worker : parts_->workers) worker->finish();
}

}  // namespace infra::http
