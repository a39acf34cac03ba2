#include "infra/gcs/credentials.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "domain/core/broken.h"
#include "infra/codec/json.h"
#include "infra/gcs/jwt.h"
#include "infra/gcs/member.h"

namespace infra::gcs {
namespace {

using core::Raw;

constexpr std::string_view kScope = "https://www.googleapis.com/auth/devstorage.read_write";
constexpr std::chrono::seconds kAssertionLifetime{3'600};  // no more is allowed
constexpr std::chrono::seconds kLifetimeMax{86'400};
constexpr std::chrono::seconds kRenewBefore{60};
constexpr std::streamsize kKeyFileBytesMax = 64 * 1024;

[[noreturn]] void broke(const std::string& what) { throw core::Broken(core::Breakage::io, what); }

struct Key {
  std::string email;
  std::string pem;
  std::string token_uri;
};

std::string text_in(const Raw& document, std::string_view name) {
  const auto* text = member<std::string>(document, name);
  if (text == nullptr || text->empty()) {
    broke("the credentials file has no " + std::string{name});
  }
  return *text;
}

Key read_key(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string bytes(kKeyFileBytesMax, '\0');
  in.read(bytes.data(), kKeyFileBytesMax);
  if (in.bad() || in.gcount() == 0) broke("the credentials file cannot be read");
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  const auto document = codec::read_json(bytes);
  if (!document) broke("the credentials file is no JSON");
  if (text_in(document.value(), "type") != "service_account") {
    broke("the credentials file is not a service account's");
  }
  return {text_in(document.value(), "client_email"),
          text_in(document.value(), "private_key"),
          text_in(document.value(), "token_uri")};
}

AccessToken token_in(const outgoing::Response& response) {
  if (response.status != 200) {
    broke("no access token: HTTP status " + std::to_string(response.status));
  }
  const auto document = codec::read_json(response.body);
  const auto* value = document ? member<std::string>(document.value(), "access_token") : nullptr;
  const auto* seconds = document ? member<std::int64_t>(document.value(), "expires_in") : nullptr;
  if (value == nullptr || value->empty() || seconds == nullptr || *seconds < 0) {
    broke("no access token: an answer that has none");
  }
  return {*value, std::min(std::chrono::seconds{*seconds}, kLifetimeMax)};
}

// Why there is no token, whatever the machinery below said.
outgoing::Response ask(outgoing::Client& client, const outgoing::Request& request) {
  try {
    return client.send(request);
  } catch (const core::Broken& broken) {
    broke(std::string{"no access token: "} + broken.what());
  }
}

}  // namespace

TokenSource service_account(std::filesystem::path key_file,
                            outgoing::Client& client,
                            ports::Clock& clock) {
  return [key_file = std::move(key_file), &client, &clock] {
    const Key key = read_key(key_file);
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch();
    const Raw claims{Raw::Object{{"iss", Raw{key.email}},
                                 {"scope", Raw{std::string{kScope}}},
                                 {"aud", Raw{key.token_uri}},
                                 {"iat", Raw{std::int64_t{now.count()}}},
                                 {"exp", Raw{std::int64_t{(now + kAssertionLifetime).count()}}}}};
    const std::string assertion = signed_jwt(codec::write_json(claims), key.pem);
    return token_in(
        ask(client,
            {"POST",
             key.token_uri,
             {{"Content-Type", "application/x-www-form-urlencoded"}},
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                 assertion}));
  };
}

TokenSource metadata_server(std::string_view host, outgoing::Client& client) {
  std::string url =
      "http://" + std::string{host} + "/computeMetadata/v1/instance/service-accounts/default/token";
  return [url = std::move(url), &client] {
    return token_in(
        ask(client, {.url = url, .headers = {{"Metadata-Flavor", "Google"}}, .directly = true}));
  };
}

const std::string& Credentials::token() {
  const auto now = clock_.now();
  if (token_.empty() || now >= good_until_) {
    AccessToken token = source_();
    token_ = std::move(token.value);
    good_until_ = now + token.lifetime - kRenewBefore;
  }
  return token_;
}

}  // namespace infra::gcs
