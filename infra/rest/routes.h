#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infra/access/identity.h"
#include "infra/rest/call.h"

namespace infra::rest {

struct Means;

// What a request of this method on this path does. The table of all of them is the API; the OpenAPI
// document is compared with it by a test.
struct Route {
  std::string_view method;
  std::string_view pattern;           // "/api/patients/{id}"; names take one segment each
  std::optional<access::Role> needs;  // none: anybody may ask, without a token too
  // Called on the I/O thread: answers there, or hands the call on.
  void (*act)(const Means& means, std::shared_ptr<Call> call);
};
[[nodiscard]] std::span<const Route> all_routes();

// The route of a request, with what its path names; or the methods that its path has, which are
// none when nothing is there. HEAD is as GET.
struct Found {
  const Route* route = nullptr;
  std::vector<std::string> names = {};
  std::vector<std::string_view> methods = {};
};
[[nodiscard]] Found find_route(const http::Request& request);

// One file each. ------------------------------------------------------------------------------

using Acting = void(const Means& means, std::shared_ptr<Call> call);
Acting create_patient, show_patient, list_patients, update_patient, delete_patient;
Acting change_status, exclude_therapist, include_therapist, record_contact;
Acting show_history, show_communication;
Acting query_letzter_kontakt, query_exclusions, query_status_summary, query_status_durations;
Acting take_commands;
Acting list_projections, rebuild_projection, stream_events;
Acting health, health_live, health_ready, health_kafka, health_import, metrics;
Acting openapi_document, readable_document;

}  // namespace infra::rest
