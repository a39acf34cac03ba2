#include "infra/gcs/bucket.h"

#include <charconv>
#include <utility>

#include "domain/core/broken.h"
#include "infra/codec/json.h"
#include "infra/gcs/member.h"

namespace infra::gcs {
namespace {

using core::Raw;
using outgoing::percent_encoded;

constexpr std::string_view kObjectFields = "name,size,timeCreated,generation,md5Hash";
constexpr int kPagesMax = 10'000;  // of 1000 objects each: whoever sends more pages sends no end

[[noreturn]] void broke(std::string_view what, const std::string& why) {
  throw core::Broken(core::Breakage::io, std::string{what} + ": " + why);
}

bool is_well(int status) { return status >= 200 && status < 300; }
// Not there, or not as the precondition says.
bool is_no(int status) { return status == 404 || status == 412; }

Raw document_in(const outgoing::Response& response, std::string_view what) {
  auto document = codec::read_json(response.body);
  if (!document) broke(what, "the answer is no JSON");
  return std::move(document).value();
}

// Numbers are texts in this API.
Object object_in(const Raw& raw, std::string_view what) {
  const auto text = [&](std::string_view name) {
    const auto* value = member<std::string>(raw, name);
    if (value == nullptr) broke(what, "the answer lacks " + std::string{name});
    return *value;
  };
  Object object{text("name"), 0, {}, text("generation"), ""};
  const std::string size = text("size");
  const char* end = size.data() + size.size();
  const auto [stopped, error] = std::from_chars(size.data(), end, object.bytes);
  const auto created = core::parse_timestamp(text("timeCreated"));
  if (error != std::errc{} || stopped != end || !created)
    broke(what, "the answer is not as agreed");
  object.created = *created;
  if (const auto* md5 = member<std::string>(raw, "md5Hash")) object.md5 = *md5;
  return object;
}

}  // namespace

Bucket::Bucket(std::string_view endpoint,
               std::string_view name,
               outgoing::Client& client,
               Credentials* credentials)
    : endpoint_(endpoint),
      path_("/b/" + percent_encoded(name) + "/o"),
      client_(client),
      credentials_(credentials) {
  while (endpoint_.ends_with('/')) endpoint_.pop_back();
}

void Bucket::list(std::string_view prefix, const std::function<void(const Object&)>& sink) {
  constexpr std::string_view kWhat = "the import bucket cannot be listed";
  const std::string url = endpoint_ + "/storage/v1" + path_ +
                          "?maxResults=500&delimiter=%2F&prefix=" + percent_encoded(prefix) +
                          "&fields=nextPageToken,items(" + std::string{kObjectFields} + ')';
  std::string page;
  for (int pages = 0; pages < kPagesMax; ++pages) {
    const outgoing::Response response = send({"GET", url + page}, kWhat);
    if (!is_well(response.status)) broke(kWhat, "HTTP status " + std::to_string(response.status));
    const Raw document = document_in(response, kWhat);
    if (const auto* items = member<Raw::Array>(document, "items")) {
      for (const Raw& item : *items) sink(object_in(item, kWhat));
    }
    const auto* next = member<std::string>(document, "nextPageToken");
    if (next == nullptr || next->empty()) return;
    page = "&pageToken=" + percent_encoded(*next);
  }
  broke(kWhat, "there is no end of pages");
}

std::optional<Object> Bucket::find(std::string_view name) {
  constexpr std::string_view kWhat = "a file in the import bucket cannot be looked at";
  const auto response =
      send({"GET", url_of(name) + "?fields=" + std::string{kObjectFields}}, kWhat);
  if (is_no(response.status)) return std::nullopt;
  return object_in(document_in(response, kWhat), kWhat);
}

std::optional<std::string> Bucket::read(const Object& object) {
  auto response = send({"GET",
                        url_of(object.name) + "?alt=media&generation=" + object.generation +
                            "&ifGenerationMatch=" + object.generation},
                       "a file in the import bucket cannot be read");
  if (is_no(response.status)) return std::nullopt;
  return std::move(response.body);
}

std::optional<Object> Bucket::create(std::string_view name, std::string_view bytes) {
  constexpr std::string_view kWhat = "a file in the import bucket cannot be written";
  const auto response =
      send({"POST",
            endpoint_ + "/upload/storage/v1" + path_ +
                "?uploadType=media&ifGenerationMatch=0&name=" + percent_encoded(name),
            {{"Content-Type", "application/json"}},
            std::string{bytes}},
           kWhat);
  if (response.status == 404) broke(kWhat, "HTTP status 404");
  if (is_no(response.status)) return std::nullopt;
  return object_in(document_in(response, kWhat), kWhat);
}

std::optional<Object> Bucket::copy(const Object& object, std::string_view to) {
  constexpr std::string_view kWhat = "a file in the import bucket cannot be moved";
  const auto response = send({"POST",
                              url_of(object.name) + "/copyTo" + path_ + '/' + percent_encoded(to) +
                                  "?ifGenerationMatch=0&sourceGeneration=" + object.generation +
                                  "&ifSourceGenerationMatch=" + object.generation},
                             kWhat);
  if (is_no(response.status)) return std::nullopt;
  return object_in(document_in(response, kWhat), kWhat);
}

// With its generation, so that a bucket with versions keeps no copy of it without end.
bool Bucket::remove(const Object& object) {
  const auto response = send({"DELETE",
                              url_of(object.name) + "?generation=" + object.generation +
                                  "&ifGenerationMatch=" + object.generation},
                             "a file in the import bucket cannot be removed");
  return !is_no(response.status);
}

std::string Bucket::url_of(std::string_view name) const {
  return endpoint_ + "/storage/v1" + path_ + '/' + percent_encoded(name);
}

// The answer: well, or no.
outgoing::Response Bucket::send(outgoing::Request request, std::string_view what) try {
  outgoing::Response response = send_as_somebody(request);
  if (response.status == 401 && credentials_ != nullptr) {
    credentials_->forget();
    response = send_as_somebody(std::move(request));
  }
  if (!is_well(response.status) && !is_no(response.status)) {
    throw core::Broken(core::Breakage::io, "HTTP status " + std::to_string(response.status));
  }
  return response;
} catch (const core::Broken& broken) {
  broke(what, broken.what());
}

outgoing::Response Bucket::send_as_somebody(outgoing::Request request) {
  if (credentials_ != nullptr) {
    request.headers.push_back({"Authorization", "Bearer " + credentials_->token()});
  }
  return client_.send(request);
}

}  // namespace infra::gcs
