#include "infra/access/tokens.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/members.h"

namespace infra::access {
namespace {

using core::Raw;

constexpr std::size_t kDigestLength = 64;
constexpr std::array<std::string_view, 4> kKeys{"name", "role", "sha256", "expires"};

// Throws a sentence: the functions below are steps of `Tokens::read`, which makes it its error.
struct Wrong {
  std::string sentence;
};

class OpenFile {
 public:
  // O_NONBLOCK, so that a pipe by that name is refused and not waited for.
  explicit OpenFile(const std::filesystem::path& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int get() const noexcept { return file_; }

 private:
  int file_;
};

[[noreturn]] void refuse_unreadable() {
  throw Wrong{": cannot be read: " + std::generic_category().message(errno)};
}

std::string bytes_of(const std::filesystem::path& path) {
  const OpenFile file{path};
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) refuse_unreadable();
  if (!S_ISREG(about.st_mode)) throw Wrong{": is no file"};
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw Wrong{": others than its owner may write it; take that away with chmod go-w"};
  }
  std::string bytes(Tokens::kFileBytesMax + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t read = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) refuse_unreadable();
    if (read == 0) break;
    size += static_cast<std::size_t>(read);
  }
  if (size > Tokens::kFileBytesMax) throw Wrong{": is larger than a tokens file can be"};
  bytes.resize(size);
  return bytes;
}

const std::string& text_of(const Raw::Object& object, std::string_view key) {
  const Raw* member = codec::find(object, key);
  const auto* text = member == nullptr ? nullptr : member->as<std::string>();
  if (text == nullptr) throw Wrong{"has no text " + std::string{key}};
  return *text;
}

bool is_digest(std::string_view text) {
  return text.size() == kDigestLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Looks at every byte, wherever the first difference is.
bool equal_in_constant_time(std::string_view one, std::string_view other) {
  unsigned difference = one.size() == other.size() ? 0 : 1;
  for (std::size_t at = 0; at < std::min(one.size(), other.size()); ++at) {
    difference |= static_cast<unsigned>(one[at] ^ other[at]) & 0xFFU;
  }
  return difference == 0;
}

bool is_blank_or_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

// Takes the file line by line.
class Tokens::Reading {
 public:
  [[nodiscard]] Tokens read(const std::string& bytes) {
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < bytes.size();) {
      const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
      const std::string_view line{bytes.data() + begin, end - begin};
      ++number;
      begin = end + 1;
      if (is_blank_or_comment(line)) continue;
      try {
        take(line);
      } catch (const Wrong& wrong) {
        throw Wrong{":" + std::to_string(number) + ": " + wrong.sentence};
      }
    }
    if (tokens_.entries_.empty()) throw Wrong{": has no token; kartei token makes one"};
    return std::move(tokens_);
  }

 private:
  void take(std::string_view line) {
    const auto document = codec::read_json(line);
    const auto* object = document ? document.value().as<Raw::Object>() : nullptr;
    if (object == nullptr) throw Wrong{"is no JSON object"};
    for (const auto& [key, value] : *object) {
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
        throw Wrong{"has a key that is none of name, role, sha256, expires"};
      }
    }
    Entry entry = entry_of(*object);
    refuse_duplicates(entry);
    tokens_.entries_.push_back(std::move(entry));
    if (tokens_.entries_.size() > kTokensMax) {
      throw Wrong{"is one token more than the " + std::to_string(kTokensMax) + " that fit"};
    }
  }

  [[nodiscard]] static Entry entry_of(const Raw::Object& object) {
    const std::string& name = text_of(object, "name");
    if (!is_name(name)) throw Wrong{"has a name that is not 1 to 100 printable characters"};
    const auto role = parse_role(text_of(object, "role"));
    if (!role) throw Wrong{"has a role that is none of reader, clerk, operator"};
    const std::string& sha256 = text_of(object, "sha256");
    if (!is_digest(sha256)) throw Wrong{"has a sha256 that is not 64 lower-case hex digits"};
    Entry entry{sha256, {name, *role}, std::nullopt};
    if (codec::find(object, "expires") == nullptr) return entry;
    entry.expires = core::parse_date(text_of(object, "expires"));
    if (!entry.expires) throw Wrong{"expires on no day such as 2027-01-31"};
    return entry;
  }

  void refuse_duplicates(const Entry& entry) const {
    for (const Entry& other : tokens_.entries_) {
      if (other.sha256 == entry.sha256) throw Wrong{"has a token that an earlier line has"};
      if (other.identity.name == entry.identity.name &&
          other.identity.role != entry.identity.role) {
        throw Wrong{"gives another role to a name of an earlier line"};
      }
    }
  }

  Tokens tokens_;
};

core::Result<Tokens, std::string> Tokens::read(const std::filesystem::path& path) {
  try {
    return Reading{}.read(bytes_of(path));
  } catch (const Wrong& wrong) {
    return core::Failure{path.string() + wrong.sentence};
  }
}

std::optional<Identity> Tokens::find(std::string_view token, core::Timestamp now) const {
  const std::string digest = codec::sha256_hex(token);
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    if (equal_in_constant_time(entry.sha256, digest)) found = &entry;
  }
  if (found == nullptr) return std::nullopt;
  if (found->expires && core::day_of(now) > *found->expires) return std::nullopt;
  return found->identity;
}

std::optional<std::string_view> bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  std::optional<std::string_view> value;
  for (const http::Header& header : request.headers) {
    if (!http::equal_ignoring_case(header.name, "authorization")) continue;
    if (value) return std::nullopt;  // It is not for us to choose whom to believe.
    value = header.value;
  }
  if (!value || !http::equal_ignoring_case(value->substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const std::size_t begin = value->find_first_not_of(' ', kScheme.size());
  if (begin == std::string_view::npos) return std::nullopt;
  return value->substr(begin);
}

core::Result<std::string, std::string> read_own_token(const std::filesystem::path& path) {
  constexpr std::size_t kCharactersMax = 512;
  try {
    std::string token = bytes_of(path);
    token.erase(token.find_last_not_of("\r\n") + 1);
    const bool sound =
        !token.empty() && token.size() <= kCharactersMax &&
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!sound) throw Wrong{": is not one line with a token"};
    return token;
  } catch (const Wrong& wrong) {
    return core::Failure{path.string() + wrong.sentence};
  }
}

NewToken new_token(ports::Ids& ids, const Identity& identity, std::optional<core::Date> expires) {
  constexpr std::size_t kDigits = 48;
  const std::string random = ids.random().text() + ids.random().text();
  std::string token = "kt_" + codec::sha256_hex(random).substr(0, kDigits);
  Raw::Object line{{"name", Raw{identity.name}},
                   {"role", Raw{std::string{name(identity.role)}}},
                   {"sha256", Raw{codec::sha256_hex(token)}}};
  if (expires) line.emplace_back("expires", Raw{core::format(*expires)});
  return {std::move(token), codec::write_json(Raw{std::move(line)})};
}

}  // namespace infra::access
