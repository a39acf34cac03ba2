#include "infra/rest/routes.h"

#include <array>

#include "infra/rest/writer_over_http.h"

namespace infra::rest {
namespace {

using access::Role;

constexpr auto kAnybody = std::nullopt;
constexpr auto kReader = Role::reader;
constexpr auto kClerk = Role::clerk;
constexpr auto kOperator = Role::operator_;

constexpr std::array kRoutes{
    Route{"GET", "/api/patients", kReader, list_patients},
    Route{"POST", "/api/patients", kClerk, create_patient},
    Route{"GET", "/api/patients/{id}", kReader, show_patient},
    Route{"PUT", "/api/patients/{id}", kClerk, update_patient},
    Route{"PATCH", "/api/patients/{id}", kClerk, update_patient},
    Route{"DELETE", "/api/patients/{id}", kClerk, delete_patient},
    Route{"POST", "/api/patients/{id}/status", kClerk, change_status},
    Route{"POST", "/api/patients/{id}/contacts", kClerk, record_contact},
    Route{"POST", "/api/patients/{id}/excluded-therapists/{therapist}", kClerk, exclude_therapist},
    Route{
        "DELETE", "/api/patients/{id}/excluded-therapists/{therapist}", kClerk, include_therapist},
    Route{"GET", "/api/patients/{id}/history", kReader, show_history},
    Route{"GET", "/api/patients/{id}/communication", kReader, show_communication},
    Route{"GET", "/api/queries/letzter-kontakt", kReader, query_letzter_kontakt},
    Route{"GET", "/api/queries/exclusions", kReader, query_exclusions},
    Route{"GET", "/api/queries/status-summary", kReader, query_status_summary},
    Route{"GET", "/api/queries/status-durations", kReader, query_status_durations},
    Route{"POST", kCommandsTarget, kOperator, take_commands},
    Route{"GET", "/api/projections", kOperator, list_projections},
    Route{"POST", "/api/projections/{name}/rebuild", kOperator, rebuild_projection},
    Route{"GET", "/api/events", kOperator, stream_events},
    Route{"GET", "/health", kAnybody, health},
    Route{"GET", "/health/live", kAnybody, health_live},
    Route{"GET", "/health/ready", kAnybody, health_ready},
    Route{"GET", "/health/kafka", kAnybody, health_kafka},
    Route{"GET", "/health/import", kAnybody, health_import},
    Route{"GET", "/metrics", kReader, metrics},
    Route{"GET", "/openapi.json", kAnybody, openapi_document},
    Route{"GET", "/docs", kAnybody, readable_document},
};

// What `path` says for the names of `pattern`; none: it is another path.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& path) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (!pattern.empty()) {
    if (at == path.size()) return std::nullopt;
    pattern.remove_prefix(1);  // the slash
    const std::string_view segment = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(segment.size());
    if (segment.starts_with('{')) {
      if (path[at].empty()) return std::nullopt;
      names.push_back(path[at]);
    } else if (segment != path[at]) {
      return std::nullopt;
    }
    ++at;
  }
  if (at != path.size()) return std::nullopt;
  return names;
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

Found find_route(const http::Request& request) {
  const std::string_view asked{request.method};
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  Found found;
  for (const Route& route : kRoutes) {
    auto names = match(route.pattern, request.path);
    if (!names) continue;
    if (route.method == method) return {&route, std::move(*names), {}};
    found.methods.push_back(route.method);
  }
  return found;
}

}  // namespace infra::rest
