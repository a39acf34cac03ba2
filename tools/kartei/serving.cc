#include "tools/kartei/serving.h"

#include <algorithm>

#include "infra/access/access_log.h"
#include "infra/access/live_tokens.h"
#include "infra/metrics/metrics.h"
#include "infra/rest/rest.h"
#include "infra/service/data_directory.h"
#include "tools/kartei/confirmations.h"
#include "tools/kartei/importing.h"

namespace kartei {
namespace {

using infra::metrics::CommandOutcome;
using infra::metrics::Metrics;
using infra::metrics::TransactionOutcome;
using infra::service::Host;
using infra::service::Surroundings;

// Long enough for a batch of commands and a bounded wait; whoever stops a service waits for it.
constexpr std::chrono::seconds kFinishWithin{8};
// An embedded log opens in milliseconds, unless its states must be made again.
constexpr std::chrono::seconds kOpenWithin{60};
constexpr std::chrono::seconds kReadyWithin{3};

CommandOutcome outcome_of(const handling::Answer& answer) {
  if (std::holds_alternative<patient::Refusal>(answer)) return CommandOutcome::refused;
  const auto* done = std::get_if<handling::Done>(&answer);
  if (done == nullptr) return CommandOutcome::unknown;
  if (done->deduplicated) return CommandOutcome::deduplicated;
  return done->events.empty() ? CommandOutcome::nothing_to_change : CommandOutcome::done;
}

void count(Metrics& metrics, const Host::Written& written) {
  metrics.appended(written.took);
  if (written.answers == nullptr) {
    for (std::size_t command = 0; command < written.commands; ++command)
      metrics.commanded(CommandOutcome::broken);
    return metrics.transacted(written.fenced ? TransactionOutcome::fenced
                                             : TransactionOutcome::refused);
  }
  bool appended = false;
  bool unknown = false;
  for (const handling::Answer& answer : *written.answers) {
    metrics.commanded(outcome_of(answer));
    unknown = unknown || std::holds_alternative<handling::OutcomeUnknown>(answer);
    const auto* done = std::get_if<handling::Done>(&answer);
    if (done == nullptr || !done->position) continue;
    appended = true;
    for (const patient::EventType type : done->events) metrics.published(name(type));
  }
  if (appended) metrics.transacted(TransactionOutcome::committed);
  if (unknown) {
    metrics.transacted(written.fenced ? TransactionOutcome::fenced : TransactionOutcome::unknown);
  }
}

// So that whoever was told where it listens gets answers, too, unless there is much to read first.
void await_read_models(const Host& host) {
  std::uint64_t news = 0;
  const auto until = std::chrono::steady_clock::now() + kReadyWithin;
  const auto all_there = [&] {
    const auto models = host.health().models;
    return std::all_of(models.begin(), models.end(), [](const auto& one) { return one.there; });
  };
  while (!all_there() && host.board().await_news(news, until)) {
  }
}

std::vector<std::string> topics_of(const Surroundings& surroundings) {
  if (!surroundings.kafka) return {};
  std::vector<std::string> topics;
  for (const char* name : {"patient-events", "patient-history", "writer"})
    topics.push_back(surroundings.kafka->topic_prefix + '.' + name);
  return topics;
}

// Every address is none that anybody can be told.
std::string advertised(const ServeOptions& options, std::uint16_t port) {
  if (options.advertise) return options.advertise->text();
  const std::string& host = options.listen.host;
  const bool everywhere = host.empty() || host == "0.0.0.0" || host == "::";
  return everywhere ? "" : origin_of(options, port).text();
}

Surroundings for_the_host(Surroundings given,
                          std::string address,
                          infra::service::RemoteWriter& remote_writer) {
  given.address = std::move(address);
  given.remote_writer = &remote_writer;
  return given;
}

}  // namespace

infra::http::Origin origin_of(const ServeOptions& options, std::uint16_t port) {
  return {options.tls.has_value(), options.listen.host, port};
}

// In the order in which they need each other. The server has its port first, for the host tells it
// to others; it serves last, and is stopped first.
struct Serving::Parts {
  Parts(Surroundings given, ServeOptions options);
  [[nodiscard]] infra::http::Options http_options(const ServeOptions& options);

  infra::metrics::Metrics metrics;
  std::optional<infra::access::AccessLog> access_log;
  std::optional<infra::access::ReadLog> read_log;
  ports::Clock& clock;
  infra::http::Server server;
  infra::rest::WriterOverHttp remote_writer;
  Host host;
  const infra::rest::Complain complain;  // to the operator
  infra::rest::Asking asking;
  infra::rest::Forwarding forwarding;
  infra::rest::Commanding commanding;
  std::optional<infra::access::LiveTokens> tokens;
  std::optional<infra::rest::Admission> admission;
  std::optional<infra::rest::Streaming> streaming;
  std::vector<std::unique_ptr<Importing>> importing;
  std::unique_ptr<infra::reactors::Confirming> confirming;  // may be none
  std::optional<infra::rest::Rest> rest;
};

Serving::Parts::Parts(Surroundings given, ServeOptions options)
    : clock(given.clock),
      server(http_options(options)),
      remote_writer(client_options(options.standby), options.standby.writer_token, &metrics),
      host(for_the_host(given, advertised(options, server.port()), remote_writer),
           [this](const Host::Written& written) { count(metrics, written); }),
      complain([this](std::string_view sentence) { host.say(sentence); }),
      asking(host, complain),
      forwarding(client_options(options.standby), metrics, complain),
      commanding(host, given.ids, forwarding, complain) {
  if (!given.kafka) {  // Broken for good, an embedded log says so before anybody is answered.
    if (!host.await_opened(kOpenWithin)) host.await_failure(kOpenWithin);
    await_read_models(host);
  }
  if (options.confirmations) {  // Before what it is about: a new group begins at the head.
    confirming = confirm(std::move(*options.confirmations), host, given.clock);
    if (!given.kafka) confirming->await_begun(kReadyWithin);
  }
  importing = import_from(options, host, given);
  if (options.tokens) tokens.emplace(*options.tokens, complain);
  if (options.access_log) access_log.emplace(*options.access_log, complain);
  if (options.read_log) read_log.emplace(*options.read_log, complain);
  admission.emplace(tokens ? &*tokens : nullptr, clock);
  streaming.emplace(*admission, complain);
  rest.emplace(infra::rest::Means{host,
                                  clock,
                                  asking,
                                  commanding,
                                  *streaming,
                                  metrics,
                                  monitors_of(importing),
                                  confirming.get(),
                                  read_log ? &*read_log : nullptr,
                                  [this] { return server.connections(); },
                                  given.kafka ? given.kafka->brokers : "",
                                  topics_of(given)},
               *admission,
               complain);
  server.serve([this](infra::http::Request request, infra::http::Reply reply) {
    rest->handle(std::move(request), std::move(reply));
  });
}

infra::http::Options Serving::Parts::http_options(const ServeOptions& options) {
  infra::http::Options http{options.listen, options.limits, options.tls};
  http.observer = [this](const infra::http::Exchange& exchange) {
    metrics.exchanged(exchange.method, exchange.route, exchange.status, exchange.duration);
    if (!access_log) return;
    access_log->record({clock.now(),
                        exchange.method,
                        exchange.route,
                        exchange.asker,
                        exchange.status,
                        exchange.bytes,
                        exchange.duration,
                        exchange.remote});
  };
  return http;
}

Serving::Serving(Surroundings surroundings, ServeOptions options) {
  // Who has the directory has its port as well: that it cannot listen there would tell nobody why.
  infra::service::DataDirectory{surroundings.data}.demand_held();
  parts_ = std::make_unique<Parts>(std::move(surroundings), std::move(options));
}

Serving::~Serving() { stop(); }

std::uint16_t Serving::port() const { return parts_->server.port(); }

Host& Serving::host() { return parts_->host; }

void Serving::await_failure(std::chrono::milliseconds limit) { parts_->host.await_failure(limit); }

void Serving::stop() {
  parts_->server.stop(kFinishWithin);
  parts_->remote_writer.stop();  // Before the imports: one of them may wait for it.
  for (const auto& one : parts_->importing) one->stop();
  if (parts_->confirming) parts_->confirming->stop();
  parts_->host.stop();  // Before the streams: a rebuild may wait for one of its threads.
  parts_->streaming.reset();
}

}  // namespace kartei
