#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/result.h"
#include "domain/core/time.h"
#include "domain/ports/clock.h"
#include "infra/access/identity.h"
#include "infra/http/message.h"

namespace infra::access {

// The tokens that a service accepts. Their file, UTF-8, has one JSON object a line; empty lines and
// lines that begin with # are passed over. The form is frozen: operators keep such files.
//
//   {"name":"front desk","role":"clerk","sha256":"9f86d0…","expires":"2027-01-31"}
//
// `sha256` is the SHA-256 of the whole token (prefix and all) as 64 lower-case hex digits: who
// reads the file cannot log in with it. `expires` may be missing; it is the last day (UTC) on which
// the token holds. A name may have several tokens of one role, so that a new one can be handed out
// before the old one goes.
//
// Constant once read, so any thread may ask. LiveTokens takes a changed file up.
class Tokens {
 public:
  static constexpr std::size_t kTokensMax = 1'000;
  static constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;

  // The error is a sentence that names the file, and the line where one is wrong, and repeats
  // nothing of its content. Refused: what cannot be read or is no file; a file that its group or
  // others may write; malformed lines, unknown keys and roles; the same token twice, a name with
  // two roles; no token at all.
  [[nodiscard]] static core::Result<Tokens, std::string> read(const std::filesystem::path& path);

  // Who has this token, unless it has expired. How long that takes says nothing about the tokens
  // that are known.
  [[nodiscard]] std::optional<Identity> find(std::string_view token, core::Timestamp now) const;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string sha256;
    Identity identity;
    std::optional<core::Date> expires;
  };
  class Reading;

  std::vector<Entry> entries_;
};

// The token of `Authorization: Bearer TOKEN`; none: the request has no such header, two of them, or
// another scheme. Points into `request`.
[[nodiscard]] std::optional<std::string_view> bearer_token(const http::Request& request);

// The token of this process itself, which stands alone in a file. The error is a sentence that
// names the file and repeats nothing of it. Refused: what Tokens::read does not read; what is not
// one line of 1 to 512 visible ASCII characters.
[[nodiscard]] core::Result<std::string, std::string> read_own_token(
    const std::filesystem::path& path);

struct NewToken {
  std::string token;  // `kt_` and 48 hex digits; to be shown once and kept nowhere
  std::string line;   // for the tokens file, without a line break
};
// 192 bits made of the randomness of `ids`. `identity.name` has passed is_name().
[[nodiscard]] NewToken new_token(ports::Ids& ids,
                                 const Identity& identity,
                                 std::optional<core::Date> expires);

}  // namespace infra::access
