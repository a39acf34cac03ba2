#include "infra/runtime/ids.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <mutex>
#include <stdexcept>
#include <string>

namespace infra::runtime {
namespace {

// 75dbdf62-c387-431c-9948-a373a3e4080a. Frozen, like the text of the name: another name space would
// give every event another id.
constexpr std::string_view kNameSpace{
    "\x75\xdb\xdf\x62\xc3\x87\x43\x1c\x99\x48\xa3\x73\xa3\xe4\x08\x0a", 16};

// Looking an algorithm up takes longer than hashing a name.
const EVP_MD* sha1() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  if (fetched == nullptr) throw std::runtime_error("OpenSSL has no SHA-1");
  return fetched;
}

// Version 5 of RFC 9562, 5.5. Boost's generator takes ten times as long: it hashes byte by byte.
core::Uuid named(const std::string& space_and_name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  if (EVP_Digest(
          space_and_name.data(), space_and_name.size(), digest.data(), nullptr, sha1(), nullptr) !=
      1) {
    throw std::runtime_error("SHA-1 failed");
  }
  core::Uuid uuid;
  std::copy_n(digest.begin(), uuid.bytes.size(), uuid.bytes.begin());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x50);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid;
}

}  // namespace

struct Ids::Generators {
  std::mutex mutex;  // for `random`
  boost::uuids::random_generator random;
};

Ids::Ids() : generators_(std::make_unique<Generators>()) {}
Ids::~Ids() = default;

core::Uuid Ids::random() {
  const std::lock_guard lock{generators_->mutex};
  const boost::uuids::uuid theirs = generators_->random();
  core::Uuid uuid;
  std::copy(theirs.begin(), theirs.end(), uuid.bytes.begin());
  return uuid;
}

patient::EventId Ids::event_id(const patient::CommandId& command,
                               const patient::PatientId& patient,
                               patient::Sequence sequence) {
  std::string name;
  name.reserve(128);
  name.append(kNameSpace).append(command.get().text()).append(1, '/').append(patient.text());
  name.append(1, '/').append(std::to_string(sequence.get()));
  return patient::EventId{named(name)};
}

}  // namespace infra::runtime
