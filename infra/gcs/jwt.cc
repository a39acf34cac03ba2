#include "infra/gcs/jwt.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>

#include "domain/core/broken.h"
#include "domain/core/destroyer.h"

namespace infra::gcs {
namespace {

using core::Destroyer;
using Bio = std::unique_ptr<BIO, Destroyer<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Destroyer<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Destroyer<EVP_MD_CTX_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// RFC 7515, section 2: the alphabet of URLs, no padding.
std::string base64url(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

// A key behind a passphrase is not asked for on somebody's terminal.
int no_passphrase(char* /*to*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

Key read_key(std::string_view pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return Key{bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr) : nullptr};
}

std::string sign(EVP_PKEY* key, std::string_view text) {
  const Context context{EVP_MD_CTX_new()};
  std::size_t size = 0;
  std::string signature;
  const bool done =
      context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1 &&
      (signature.resize(size),
       EVP_DigestSign(context.get(),
                      reinterpret_cast<unsigned char*>(signature.data()),
                      &size,
                      bytes_of(text),
                      text.size()) == 1);
  if (!done) throw core::Broken(core::Breakage::io, "the private key cannot sign");
  signature.resize(size);
  return signature;
}

}  // namespace

std::string signed_jwt(std::string_view claims, std::string_view private_key_pem) {
  const Key key = read_key(private_key_pem);
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    throw core::Broken(core::Breakage::io, "the private key is no RSA key in PEM");
  }
  std::string token = base64url(R"({"alg":"RS256","typ":"JWT"})") + '.' + base64url(claims);
  token += '.' + base64url(sign(key.get(), token));
  return token;
}

}  // namespace infra::gcs
