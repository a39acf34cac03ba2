#include "infra/codec/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>
#include <vector>

#include "domain/core/match.h"
#include "infra/codec/json.h"

namespace infra::codec {
namespace {

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

// Writes what is hashed, as canonical_json() has it, but without making a document first, which
// took twice as long. Members must come in the order of their names.
class Canonical {
 public:
  [[nodiscard]] const std::string& json() const { return json_; }

  template <class Members>
  void object(const Members& members) {
    json_ += '{';
    members();
    if (json_.back() == ',') json_.pop_back();
    json_ += '}';
  }
  template <class Content>
  void member(std::string_view name, const Content& content) {
    write(name);
    json_ += ':';
    if constexpr (std::is_invocable_v<Content>) {
      content();
    } else {
      write(content);
    }
    json_ += ',';
  }

  void write(std::nullopt_t) { json_ += "null"; }
  void write(std::int64_t number) { json_ += std::to_string(number); }
  void write(std::string_view text) { append_json(text, json_); }
  void write(const std::string& text) { append_json(text, json_); }
  void write(patient::Status status) { write(name(status)); }
  void write(patient::TherapistId therapist) { write(therapist.get()); }
  void write(const patient::TherapistIds& therapists) { write(patient::Value{therapists}); }
  void write(const patient::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return write(*text);
    json_ += canonical_json(patient::to_raw(value));
  }
  void write(const patient::Patch& patch) {
    std::vector<const patient::Patch::value_type*> fields;
    fields.reserve(patch.size());
    for (const auto& field : patch) fields.push_back(&field);
    std::sort(fields.begin(), fields.end(), [](const auto* one, const auto* other) {
      return name(one->first) < name(other->first);
    });
    object([&] {
      for (const auto* field : fields) member(name(field->first), field->second);
    });
  }
  void write(const patient::Registration& registration) {
    object([&] {
      member("consent", registration.consent);
      member("digest", registration.identity.digest);
      member("registered_at", registration.registered_at);
      member("token", registration.identity.token);
    });
  }
  template <class T>
  void write(const std::optional<T>& given) {
    given ? write(*given) : write(std::nullopt);
  }

 private:
  std::string json_;
};

void write(const patient::RecordContact& command, Canonical& out) {
  const patient::Contact& contact = command.contact;
  const bool clerk = command.reporter == patient::Reporter::clerk;
  out.object([&] {
    out.member("at", std::int64_t{contact.at.time_since_epoch().count()});
    out.member("channel", name(contact.channel));
    out.member("direction", name(contact.direction));
    out.member("reporter", std::string_view{clerk ? "clerk" : "ingest"});
    out.member("source", contact.source.text);
    out.member("therapist", contact.therapist);
  });
}

// One member, which is called as the command and holds what it asks for.
void write(const patient::Command& command, Canonical& out) {
  const auto asks = [&](std::string_view kind, const auto& content) {
    out.object([&] { out.member(kind, content); });
  };
  core::match(
      command,
      [&](const patient::Create& create) {
        asks("create", [&] {
          out.object([&] {
            out.member("excluded", create.excluded);
            out.member("fields", create.fields);
            out.member("registration", create.registration);
            out.member("status", create.status);
          });
        });
      },
      [&](const patient::Update& update) {
        asks("update", [&] {
          out.object([&] {
            out.member("excluded", update.excluded);
            out.member("fields", update.fields);
            out.member("status", update.status);
          });
        });
      },
      [&](const patient::ChangeStatus& change) { asks("change_status", change.status); },
      [&](const patient::ExcludeTherapist& exclude) {
        asks("exclude", [&] {
          out.object([&] {
            out.member("reason", exclude.reason);
            out.member("therapist", exclude.therapist);
          });
        });
      },
      [&](const patient::IncludeTherapist& include) { asks("include", include.therapist); },
      [&](const patient::RecordContact& contact) { asks("contact", [&] { write(contact, out); }); },
      [&](const patient::Delete&) { asks("delete", std::nullopt); },
      [&](const patient::Restate&) { asks("restate", std::nullopt); });
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
  Canonical out;
  out.object([&] {
    out.member("command", [&] { write(command, out); });
    if (patient) {
      out.member("patient", std::string_view{patient->text()});
    } else {
      out.member("patient", std::nullopt);
    }
  });
  return digest64(out.json());
}

}  // namespace infra::codec
