#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "infra/http/origin.h"
#include "infra/http/server.h"
#include "infra/reactors/confirming.h"
#include "infra/service/host.h"
#include "tools/kartei/standing_by.h"

namespace kartei {

// A bucket of Google Cloud Storage, and as whom to ask for it.
struct ImportBucketOptions {
  std::string name;
  std::string endpoint;
  bool without_credentials = false;                              // an emulator
  std::optional<std::filesystem::path> key_file = std::nullopt;  // of a service account
  std::string metadata_host = {};                                // asked without a key file
};

// What `serve` is told beyond what every verb is.
struct ServeOptions {
  infra::http::Listen listen;
  std::optional<infra::http::Tls> tls = std::nullopt;
  // Where standbys reach this process; none: where it listens, unless that is every address.
  std::optional<infra::http::Origin> advertise = std::nullopt;
  StandbyOptions standby = {};
  // The file of the tokens that are known, which may change meanwhile; none: everybody may do
  // everything.
  std::optional<std::filesystem::path> tokens = std::nullopt;
  std::optional<std::filesystem::path> access_log = std::nullopt;
  std::optional<std::filesystem::path> read_log = std::nullopt;  // who was shown which patient
  // The folder that registrations arrive in; none: nobody looks for any.
  std::optional<std::filesystem::path> import_folder = std::nullopt;
  // The bucket that they arrive in; none: nobody looks for any.
  std::optional<ImportBucketOptions> import_bucket = std::nullopt;
  std::chrono::seconds import_interval{300};
  std::chrono::days import_retention{30};
  // What registrations are confirmed with; none: they are not.
  std::optional<infra::reactors::ConfirmationOptions> confirmations = std::nullopt;
  // A record of the log has 900 kB at most: no sensible request is larger than this.
  infra::http::Limits limits = {.body_bytes = std::size_t{1024} * 1024, .in_flight_max = 2'048};
};

// Where a service with these options listens, once it has its port.
[[nodiscard]] infra::http::Origin origin_of(const ServeOptions& options, std::uint16_t port);

// The service, put together: a host, the REST API on it, HTTP in front. Tests start it inside
// themselves on port 0. Used by one thread.
class Serving {
 public:
  // Listens when it is made; on an embedded log that is not large it answers, too. Throws
  // core::Broken: locked when another process holds the data directory, io when it cannot listen
  // or the tokens are refused, and what opening an embedded log throws. What `surroundings` refers
  // to must outlive it.
  Serving(infra::service::Surroundings surroundings, ServeOptions options);
  // Stops.
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] infra::service::Host& host();
  // Host::await_failure.
  void await_failure(std::chrono::milliseconds limit);
  // Accepts no more, lets requests that run finish, for a bounded time, and stops the host.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace kartei
