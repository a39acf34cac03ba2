#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "infra/gcs/credentials.h"
#include "infra/outgoing/client.h"

namespace infra::gcs {

// An object as it was when it was looked at. Every write makes another generation.
struct Object {
  std::string name;  // whole: `processed/a.json`
  std::int64_t bytes = 0;
  core::Timestamp created;  // of this generation
  std::string generation;
  std::string md5;  // of the content; empty: the service does not know it
};

// One bucket of Google Cloud Storage, by its JSON API
// (https://cloud.google.com/storage/docs/json_api/v1). Used by one thread. Every member throws
// core::Broken (io) when the service cannot be asked or refuses, in words without names.
class Bucket {
 public:
  // `endpoint` is the URL in front of `/storage/v1`. Without credentials it asks as nobody. Client
  // and credentials must outlive it.
  Bucket(std::string_view endpoint,
         std::string_view name,
         outgoing::Client& client,
         Credentials* credentials);

  // Those whose names begin with `prefix` and have no slash behind it, in all pages.
  void list(std::string_view prefix, const std::function<void(const Object&)>& sink);
  [[nodiscard]] std::optional<Object> find(std::string_view name);
  // None, or false: it is not there any more in that generation, or (create, copy) something has
  // the new name already; then nothing was done.
  [[nodiscard]] std::optional<std::string> read(const Object& object);
  [[nodiscard]] std::optional<Object> create(std::string_view name, std::string_view bytes);
  [[nodiscard]] std::optional<Object> copy(const Object& object, std::string_view to);
  [[nodiscard]] bool remove(const Object& object);

 private:
  [[nodiscard]] std::string url_of(std::string_view name) const;
  [[nodiscard]] outgoing::Response send(outgoing::Request request, std::string_view what);
  [[nodiscard]] outgoing::Response send_as_somebody(outgoing::Request request);

  std::string endpoint_;
  std::string path_;  // of the objects: /b/NAME/o
  outgoing::Client& client_;
  Credentials* credentials_;
};

}  // namespace infra::gcs
