#include <algorithm>

#include "infra/ingest/import_monitor.h"
#include "infra/reactors/confirming.h"
#include "infra/rest/answers.h"
#include "infra/rest/health.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"

// How the service is, for whoever looks after it. Nothing here asks a disk or a broker.
namespace infra::rest {
namespace {

using core::Raw;
using service::Host;

// A read model that has so many offsets of the log before it is not fit to answer.
constexpr std::int64_t kBehindEvents = 5'000;

Raw text(std::string_view value) { return Raw{std::string{value}}; }

http::Response health_answer(std::string_view status, bool well, Raw::Object more, int otherwise) {
  Raw::Object object{{"status", text(status)}, {"service", text("kartei")}};
  object.insert(
      object.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  http::Response response = document(Raw{std::move(object)}, well ? 200 : otherwise);
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

bool is_alive(const Host::Health& health) {
  return health.writing.alive && health.projecting.alive;
}

}  // namespace

std::string_view readiness(const Host::Health& health) {
  if (!is_alive(health)) return "broken";
  if (!health.writing.trouble.empty() || !health.projecting.trouble.empty()) return "broken";
  if (!health.opened) return "starting";
  for (const Host::Model& model : health.models) {
    if (!model.there) return "rebuilding";
  }
  for (const Host::Model& model : health.models) {
    if (model.lag_events > kBehindEvents) return "behind";
  }
  return "ready";
}

namespace {

// Which trouble it is stands in the service's own log: anybody may ask for its health.
Raw thread_raw(const Host::Thread& thread) {
  return Raw{
      Raw::Object{{"alive", Raw{thread.alive}}, {"in_trouble", Raw{!thread.trouble.empty()}}}};
}

Raw::Object details_of(const Host::Health& health) {
  Raw::Array models;
  for (const Host::Model& model : health.models) {
    models.push_back(Raw{Raw::Object{{"name", text(model.name)},
                                     {"there", Raw{model.there}},
                                     {"lag_events", Raw{model.lag_events}}}});
  }
  return {{"role", text(health.writer ? "writer" : "standby")},
          {"writing", thread_raw(health.writing)},
          {"projecting", thread_raw(health.projecting)},
          {"projections", Raw{std::move(models)}}};
}

}  // namespace

void health(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const bool well = is_alive(means.host.health());
  call->answer(health_answer(well ? "healthy" : "unhealthy", well, {}, 503));
}

void health_live(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const bool well = is_alive(means.host.health());
  call->answer(health_answer(well ? "alive" : "hanging", well, {}, 503));
}

void health_ready(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const Host::Health health = means.host.health();
  const std::string_view status = readiness(health);
  call->answer(health_answer(status, status == "ready", details_of(health), 503));
}

void health_kafka(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const Host::Health health = means.host.health();
  const bool connected = health.on_kafka && health.opened && health.writing.trouble.empty() &&
                         health.projecting.trouble.empty();
  const bool well = connected || !health.on_kafka;
  Raw::Array topics;
  for (const std::string& topic : means.topics) topics.push_back(text(topic));
  Raw::Object kafka{{"enabled", Raw{health.on_kafka}},
                    {"connected", Raw{connected}},
                    {"brokers", text(means.brokers)},
                    {"topics", Raw{std::move(topics)}}};
  if (const std::string writer = means.host.writer_elsewhere(); !writer.empty())
    kafka.emplace_back("writer", text(writer));
  call->answer(
      health_answer(well ? "healthy" : "unhealthy", well, {{"kafka", Raw{std::move(kafka)}}}, 500));
}

void health_import(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  if (means.import_monitors.empty()) {
    return call->answer(health_answer(
        "healthy", true, {{"details", Raw{Raw::Object{{"monitor_running", Raw{false}}}}}}, 503));
  }
  std::vector<ingest::ImportReport> reports;
  for (const auto* monitor : means.import_monitors) reports.push_back(monitor->report());
  const core::Timestamp now = means.clock.now();
  const bool well = std::all_of(reports.begin(), reports.end(), [&](const auto& report) {
    return ingest::health_of(report, now) == ingest::ImportHealth::healthy;
  });
  call->answer(health_answer(
      well ? "healthy" : "unhealthy", well, {{"details", ingest::to_raw(reports, now)}}, 503));
}

void metrics(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const Host::Health health = means.host.health();
  metrics::Snapshot now;
  now.connections = means.connections();
  now.writer = health.writer;
  now.turns = health.turns;
  now.commands_waiting = health.commands_waiting;
  now.expected = health.expected_patients;
  const Host::Consumed& consumed = health.consumed;
  now.consumed = {consumed.recorded, consumed.duplicates, consumed.ignored, consumed.dead};
  for (const auto* monitor : means.import_monitors) {
    const ingest::ImportReport report = monitor->report();
    if (!now.import) now.import.emplace();
    now.import->processed += report.processed_ever;
    now.import->failed += report.failed_ever;
    now.import->imported += report.imported_ever;
    now.import->duplicates += report.duplicates_ever;
  }
  if (means.confirming != nullptr) {
    const auto counts = means.confirming->counts();
    now.confirmations = {counts.sent, counts.skipped, counts.refused, counts.retried, counts.lag};
  }
  for (const Host::Model& model : health.models) {
    now.projections.push_back(
        {model.name, model.there, model.lag_events, model.lag_time, {}, model.quarantined});
    for (const Host::Lag& lag : model.lag_by_partition)
      now.projections.back().lag_by_partition.push_back({lag.events, lag.time});
  }
  http::Response response;
  response.content_type = metrics::kContentType;
  response.body = means.metrics.text(now);
  call->answer(std::move(response));
}

}  // namespace infra::rest
