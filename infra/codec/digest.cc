#include "infra/codec/digest.h"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <utility>

#include "domain/core/match.h"
#include "infra/codec/json.h"

namespace infra::codec {
namespace {

using core::Raw;
using Sha256 = std::array<unsigned char, 32>;

// Fetching the algorithm costs more than hashing a command, so it is done once.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (fetched == nullptr) throw std::bad_alloc{};
  return fetched;
}

Sha256 sha256(std::string_view bytes) {
  Sha256 digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, algorithm(), nullptr) != 1)
    throw std::bad_alloc{};
  return digest;
}

// An initializer list would copy each member, and with it all that is beneath.
template <class... Members>
Raw object(Members... members) {
  Raw::Object made;
  made.reserve(sizeof...(members));
  (made.push_back(std::move(members)), ...);
  return Raw{std::move(made)};
}

template <class T>
Raw or_null(const std::optional<T>& given) {
  return given ? Raw{*given} : Raw{Raw::Null{}};
}

Raw to_raw(const patient::Patch& patch) {
  Raw::Object fields;
  fields.reserve(patch.size());
  for (const auto& [key, value] : patch) fields.emplace_back(name(key), patient::to_raw(value));
  return Raw{std::move(fields)};
}

Raw to_raw(const std::optional<patient::Status>& status) {
  return status ? patient::to_raw(patient::Value{*status}) : Raw{Raw::Null{}};
}

Raw to_raw(const std::optional<patient::Registration>& registration) {
  if (!registration) return Raw{Raw::Null{}};
  return object(Raw::Member{"token", or_null(registration->identity.token)},
                Raw::Member{"digest", Raw{registration->identity.digest}},
                Raw::Member{"consent", or_null(registration->consent)},
                Raw::Member{"registered_at", or_null(registration->registered_at)});
}

Raw to_raw(const patient::RecordContact& command) {
  const patient::Contact& contact = command.contact;
  Raw therapist = contact.therapist ? Raw{contact.therapist->get()} : Raw{Raw::Null{}};
  const bool clerk = command.reporter == patient::Reporter::clerk;
  return object(Raw::Member{"at", Raw{std::int64_t{contact.at.time_since_epoch().count()}}},
                Raw::Member{"channel", Raw{std::string{name(contact.channel)}}},
                Raw::Member{"direction", Raw{std::string{name(contact.direction)}}},
                Raw::Member{"therapist", std::move(therapist)},
                Raw::Member{"source", Raw{contact.source.text}},
                Raw::Member{"reporter", Raw{std::string{clerk ? "clerk" : "ingest"}}});
}

Raw one(std::string kind, Raw content) {
  return object(Raw::Member{std::move(kind), std::move(content)});
}

Raw to_raw(const patient::Command& command) {
  return core::match(
      command,
      [](const patient::Create& create) {
        return one("create",
                   object(Raw::Member{"fields", to_raw(create.fields)},
                          Raw::Member{"status", to_raw(create.status)},
                          Raw::Member{"excluded", patient::to_raw(patient::Value{create.excluded})},
                          Raw::Member{"registration", to_raw(create.registration)}));
      },
      [](const patient::Update& update) {
        Raw excluded =
            update.excluded ? patient::to_raw(patient::Value{*update.excluded}) : Raw{Raw::Null{}};
        return one("update",
                   object(Raw::Member{"fields", to_raw(update.fields)},
                          Raw::Member{"status", to_raw(update.status)},
                          Raw::Member{"excluded", std::move(excluded)}));
      },
      [](const patient::ChangeStatus& change) {
        return one("change_status", to_raw(std::optional{change.status}));
      },
      [](const patient::ExcludeTherapist& exclude) {
        return one("exclude",
                   object(Raw::Member{"therapist", Raw{exclude.therapist.get()}},
                          Raw::Member{"reason", or_null(exclude.reason)}));
      },
      [](const patient::IncludeTherapist& include) {
        return one("include", Raw{include.therapist.get()});
      },
      [](const patient::RecordContact& contact) { return one("contact", to_raw(contact)); },
      [](const patient::Delete&) { return one("delete", Raw{Raw::Null{}}); },
      [](const patient::Restate&) { return one("restate", Raw{Raw::Null{}}); });
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  hex.reserve(64);
  for (const unsigned char byte : sha256(bytes)) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

patient::Digest digest64(std::string_view bytes) {
  const Sha256 digest = sha256(bytes);
  std::uint64_t first = 0;
  for (std::size_t at = 0; at < sizeof first; ++at) first = (first << 8) | digest[at];
  return patient::Digest{first};
}

patient::ContactSource contact_source(const patient::CommandId& command) {
  return contact_source("manual:" + command.get().text());
}

patient::ContactSource contact_source(std::string text) {
  const patient::Digest digest = digest64(text);
  return {std::move(text), digest};
}

patient::Digest command_digest(const std::optional<patient::PatientId>& patient,
                               const patient::Command& command) {
  const Raw asked =
      object(Raw::Member{"patient", patient ? Raw{patient->text()} : Raw{Raw::Null{}}},
             Raw::Member{"command", to_raw(command)});
  return digest64(canonical_json(asked));
}

}  // namespace infra::codec
