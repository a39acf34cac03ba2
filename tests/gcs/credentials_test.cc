#include "infra/gcs/credentials.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <fstream>

#include "domain/core/broken.h"
#include "infra/codec/json.h"
#include "infra/gcs/member.h"
#include "tests/domain/given.h"
#include "tests/domain/writer_world.h"
#include "tests/outgoing/played.h"
#include "tests/projections/scratch_folder.h"

namespace {

using core::Raw;
using infra::gcs::Credentials;
using infra::gcs::member;
using testing_outgoing::Played;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::string pem_of(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string pem{bytes, static_cast<std::size_t>(size)};
  BIO_free(bio);
  return pem;
}

std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

bool is_signed_by(EVP_PKEY* key, const std::string& text, const std::string& signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key);
  const int good = EVP_DigestVerify(context,
                                    reinterpret_cast<const unsigned char*>(signature.data()),
                                    signature.size(),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    text.size());
  EVP_MD_CTX_free(context);
  return good == 1;
}

class CredentialsOf : public ::testing::Test {
 protected:
  std::string write_key(const std::string& pem) {
    const auto file = folder.path() / "key.json";
    const Raw document{Raw::Object{{"type", Raw{std::string{"service_account"}}},
                                   {"client_email", Raw{std::string{"kartei@test.example"}}},
                                   {"private_key", Raw{pem}},
                                   {"token_uri", Raw{server.url() + "/token"}}}};
    std::ofstream{file} << infra::codec::write_json(document);
    return file;
  }
  void answer_token(const std::string& token, int seconds) {
    server.answers(200,
                   R"({"access_token":")" + token + R"(","token_type":"Bearer","expires_in":)" +
                       std::to_string(seconds) + '}');
  }
  std::string why_not(const std::string& file) {
    try {
      return infra::gcs::service_account(file, client, clock)().value;
    } catch (const core::Broken& broken) {
      return broken.what();
    }
  }

  testing_projections::ScratchFolder folder;
  Played server;
  infra::outgoing::Client client;
  tests::ManualClock clock{tests::kNow};
};

TEST_F(CredentialsOf, AServiceAccountAreAWordThatItsKeyHasSigned) {
  const std::unique_ptr<EVP_PKEY, FreeKey> key{EVP_RSA_gen(2048)};
  answer_token("ya29.a", 3599);
  const auto token = infra::gcs::service_account(write_key(pem_of(key.get())), client, clock)();
  EXPECT_EQ(token.value, "ya29.a");
  EXPECT_EQ(token.lifetime, std::chrono::seconds{3599});
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method + ' ' + request.target, "POST /token");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  const std::string begin =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  ASSERT_TRUE(request.body.starts_with(begin)) << request.body;
  const std::string jwt = request.body.substr(begin.size());
  EXPECT_EQ(jwt.find_first_of("+/="), std::string::npos) << jwt;
  const std::size_t one = jwt.find('.');
  const std::size_t two = jwt.rfind('.');
  EXPECT_TRUE(is_signed_by(key.get(), jwt.substr(0, two), decoded(jwt.substr(two + 1))));
  EXPECT_EQ(decoded(jwt.substr(0, one)), R"({"alg":"RS256","typ":"JWT"})");
  const auto claims = infra::codec::read_json(decoded(jwt.substr(one + 1, two - one - 1)));
  ASSERT_TRUE(claims);
  EXPECT_EQ(*member<std::string>(claims.value(), "iss"), "kartei@test.example");
  EXPECT_EQ(*member<std::string>(claims.value(), "aud"), server.url() + "/token");
  EXPECT_EQ(*member<std::string>(claims.value(), "scope"),
            "https://www.googleapis.com/auth/devstorage.read_write");
  const auto now = std::chrono::floor<std::chrono::seconds>(tests::kNow).time_since_epoch().count();
  EXPECT_EQ(*member<std::int64_t>(claims.value(), "iat"), now);
  EXPECT_EQ(*member<std::int64_t>(claims.value(), "exp"), now + 3600);
}

TEST_F(CredentialsOf, AFileThatIsNoneAreRefusedWithoutItsContent) {
  const auto other = folder.path() / "other.json";
  EXPECT_EQ(why_not(other), "the credentials file cannot be read");
  std::ofstream{other} << "{";
  EXPECT_EQ(why_not(other), "the credentials file is no JSON");
  std::ofstream{other} << R"({"type": "authorized_user", "refresh_token": "secret"})";
  EXPECT_EQ(why_not(other), "the credentials file is not a service account's");
  std::ofstream{other} << R"({"type": "service_account", "client_email": "a@b"})";
  EXPECT_EQ(why_not(other), "the credentials file has no private_key");
  EXPECT_EQ(why_not(write_key("secret")), "the private key is no RSA key in PEM");
  const std::unique_ptr<EVP_PKEY, FreeKey> curve{EVP_EC_gen("P-256")};
  EXPECT_EQ(why_not(write_key(pem_of(curve.get()))), "the private key is no RSA key in PEM");
}

TEST_F(CredentialsOf, AMachineComeFromItsMetadataServer) {
  answer_token("ya29.b", 100);
  const auto token = infra::gcs::metadata_server(server.host(), client)();
  EXPECT_EQ(token.value, "ya29.b");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method + ' ' + request.target,
            "GET /computeMetadata/v1/instance/service-accounts/default/token");
  EXPECT_EQ(request.header("Metadata-Flavor"), "Google");
}

TEST_F(CredentialsOf, AnAnswerWithoutATokenAreNone) {
  const auto source = infra::gcs::metadata_server(server.host(), client);
  for (const std::string body : {"",
                                 "[]",
                                 "{}",
                                 R"({"access_token":"","expires_in":1})",
                                 R"({"access_token":"a"})",
                                 R"({"expires_in":1})"}) {
    SCOPED_TRACE(body);
    server.answers(200, body);
    EXPECT_THROW(static_cast<void>(source()), core::Broken);
  }
  server.answers(403, R"({"access_token":"a","expires_in":1})");
  EXPECT_THROW(static_cast<void>(source()), core::Broken);
}

TEST_F(CredentialsOf, AnyKindAreAskedForAMinuteBeforeTheirEnd) {
  Credentials credentials{infra::gcs::metadata_server(server.host(), client), clock};
  answer_token("one", 3600);
  EXPECT_EQ(credentials.token(), "one");
  clock.set(tests::kNow + std::chrono::seconds{3539});
  EXPECT_EQ(credentials.token(), "one");
  clock.set(tests::kNow + std::chrono::seconds{3540});
  answer_token("two", 3600);
  EXPECT_EQ(credentials.token(), "two");
  credentials.forget();
  answer_token("three", 3600);
  EXPECT_EQ(credentials.token(), "three");
}

}  // namespace
