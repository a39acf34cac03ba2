#include "tests/http/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace testing_http {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error{std::string{what} + ": " + text.data()};
}

template <auto Function>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Function(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using X509Handle = std::unique_ptr<X509, Freed<X509_free>>;

struct CloseFile {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open(const std::filesystem::path& path) {
  File file{std::fopen(path.c_str(), "w")};
  require(file != nullptr, "fopen");
  return file;
}

X509Handle signed_by_itself(EVP_PKEY* key) {
  X509Handle certificate{X509_new()};
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const std::array<unsigned char, 9> host = {'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'};
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC, host.data(), static_cast<int>(host.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const Extension hosts{
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1")};
  require(hosts != nullptr, "X509V3_EXT_conf_nid");
  X509_add_ext(certificate.get(), hosts.get(), -1);
  require(X509_sign(certificate.get(), key, EVP_sha256()) != 0, "X509_sign");
  return certificate;
}

}  // namespace

Certificate::Certificate() {
  const Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  require(key != nullptr, "EVP_PKEY_Q_keygen");
  const X509Handle certificate = signed_by_itself(key.get());
  const File key_file = open(files().private_key_file);
  PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const File certificate_file = open(files().certificate_chain_file);
  PEM_write_X509(certificate_file.get(), certificate.get());
}

infra::http::Tls Certificate::files() const {
  return {.certificate_chain_file = folder_.path() / "certificate.pem",
          .private_key_file = folder_.path() / "key.pem"};
}

TlsPeer::TlsPeer(std::uint16_t port, const infra::http::Tls& trusted, int version_max)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)), context_(SSL_CTX_new(TLS_client_method())) {
  const timeval patience{60, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int at_once = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const void* generic = &address;
  require(connect(socket_, static_cast<const sockaddr*>(generic), sizeof address) == 0, "connect");
  SSL_CTX_load_verify_file(context_.get(), trusted.certificate_chain_file.c_str());
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_security_level(context_.get(), 0);  // So that it is the server who refuses.
  SSL_CTX_set_max_proto_version(context_.get(), version_max);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  try {
    require(SSL_connect(ssl_.get()) == 1, "SSL_connect");
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

TlsPeer::~TlsPeer() {
  SSL_shutdown(ssl_.get());
  ::close(socket_);
}

void TlsPeer::send(std::string_view bytes) {
  std::size_t sent = 0;
  require(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1, "SSL_write_ex");
}

std::string TlsPeer::read_until(std::string_view mark) {
  for (std::size_t from = 0;;) {
    const std::size_t found = received_.find(mark, from);
    if (!mark.empty() && found != std::string::npos) {
      std::string taken = received_.substr(0, found + mark.size());
      received_.erase(0, taken.size());
      return taken;
    }
    from = received_.size() < mark.size() ? 0 : received_.size() - mark.size();
    std::array<char, 16384> bytes{};
    std::size_t count = 0;
    if (SSL_read_ex(ssl_.get(), bytes.data(), bytes.size(), &count) != 1) {
      ended_well_ = SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN;
      return std::exchange(received_, {});
    }
    received_.append(bytes.data(), count);
  }
}

}  // namespace testing_http
