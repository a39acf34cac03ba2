#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "domain/core/text.h"
#include "infra/codec/json.h"

namespace infra::codec {
namespace {

namespace json = boost::json;
using core::Failure;
using core::Raw;
using json::error_code;

// Whether a member's name may be repeated in a message: names of members can be personal, too.
bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// The names of one object. Few are looked through, many get an index, so that a document made of
// names alone costs no more than another.
class Names {
 public:
  // False when the object has `name` already.
  bool add(const Raw::Object& object, const std::string& name) {
    if (index_.empty() && object.size() < kLookedThroughMax) {
      return std::none_of(object.begin(), object.end(), [&](const Raw::Member& member) {
        return member.first == name;
      });
    }
    if (index_.empty()) {
      for (const Raw::Member& member : object) index_.insert(member.first);
    }
    return index_.insert(name).second;
  }

 private:
  static constexpr std::size_t kLookedThroughMax = 32;
  std::unordered_set<std::string> index_;
};

// What Boost's parser finds, put together as Raw.
class Builder {
 public:
  static constexpr std::size_t max_object_size = kJsonBytesMax;
  static constexpr std::size_t max_array_size = kJsonBytesMax;
  static constexpr std::size_t max_key_size = kJsonBytesMax;
  static constexpr std::size_t max_string_size = kJsonBytesMax;

  enum class Token { text, number };
  // Why we refuse what the parser found to be JSON, and what stands there.
  struct Objection {
    Token token;
    std::string message;
  };

  [[nodiscard]] const std::optional<Objection>& objection() const { return objection_; }
  [[nodiscard]] Raw take() { return std::move(root_); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    open_.push_back({Raw{Raw::Object{}}, {}, {}});
    return true;
  }
  bool on_array_begin(error_code&) {
    open_.push_back({Raw{Raw::Array{}}, {}, {}});
    return true;
  }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_end(std::size_t, error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_key(json::string_view part, std::size_t, error_code& error) {
    collect(part);
    Level& level = open_.back();
    level.name = std::exchange(text_, {});
    if (level.name.find('\0') != std::string::npos)
      return object_to(Token::text, "a member's name holds a NUL", error);
    if (level.names.add(std::get<Raw::Object>(level.container.value), level.name)) return true;
    const std::string which = is_plain(level.name) ? "'" + level.name + "'" : "of this name";
    return object_to(Token::text, "a member " + which + " is there twice", error);
  }

  bool on_string_part(json::string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_string(json::string_view part, std::size_t, error_code& error) {
    collect(part);
    if (text_.find('\0') != std::string::npos)
      return object_to(Token::text, "a text holds a NUL", error);
    return put(Raw{std::exchange(text_, {})});
  }

  bool on_number_part(json::string_view part, error_code&) { return collect(part); }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    text_.clear();
    return put(Raw{number});
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    text_.clear();
    return put(Raw{static_cast<double>(number)});
  }
  // The parser's own double may be off by one bit; the digits are not.
  bool on_double(double rounded, json::string_view part, error_code& error) {
    collect(part);
    const std::string digits = std::exchange(text_, {});
    double exact = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exact);
    const bool vanishes = read.ec == std::errc::result_out_of_range && std::abs(rounded) < 1;
    if (vanishes) return put(Raw{0.0});
    if (read.ec != std::errc{} || !std::isfinite(exact))
      return object_to(Token::number, "a number is too large", error);
    return put(Raw{exact});
  }
  bool on_bool(bool flag, error_code&) { return put(Raw{flag}); }
  bool on_null(error_code&) { return put(Raw{Raw::Null{}}); }
  bool on_comment_part(json::string_view, error_code&) { return false; }
  bool on_comment(json::string_view, error_code&) { return false; }

 private:
  struct Level {
    Raw container;
    std::string name;  // of the member that is being read
    Names names;
  };

  bool collect(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool close() {
    Raw closed = std::move(open_.back().container);
    open_.pop_back();
    return put(std::move(closed));
  }

  bool put(Raw raw) {
    if (open_.empty()) {
      root_ = std::move(raw);
      return true;
    }
    Level& level = open_.back();
    if (auto* array = std::get_if<Raw::Array>(&level.container.value)) {
      array->push_back(std::move(raw));
    } else {
      std::get<Raw::Object>(level.container.value)
          .emplace_back(std::move(level.name), std::move(raw));
    }
    return true;
  }

  bool object_to(Token token, std::string message, error_code& error) {
    objection_ = Objection{token, std::move(message)};
    error = json::error::syntax;
    return false;
  }

  std::vector<Level> open_;
  std::string text_;
  Raw root_;
  std::optional<Objection> objection_;
};

bool is_white_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_of_a_number(char c) {
  return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

// Where the token begins that ends at `end` (at its last character or right behind it).
std::size_t begin_of(Builder::Token token, std::string_view bytes, std::size_t end) {
  if (token == Builder::Token::number) {
    while (end > 0 && is_of_a_number(bytes[end - 1])) --end;
    return end;
  }
  const auto is_quote = [&](std::size_t at) {
    if (bytes[at] != '"') return false;
    std::size_t backslashes = 0;
    while (backslashes < at && bytes[at - backslashes - 1] == '\\') ++backslashes;
    return backslashes % 2 == 0;
  };
  std::size_t at = std::min(end, bytes.size() - 1);
  while (at > 0 && !is_quote(at)) --at;
  if (at > 0) --at;
  while (at > 0 && !is_quote(at)) --at;
  return at;
}

JsonError error_at(std::string_view bytes, std::size_t offset, std::string message) {
  const std::string_view before = bytes.substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::string_view in_line = before.substr(line_begin);
  const auto column = std::count_if(in_line.begin(), in_line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // every character but its tail bytes
  });
  return {line, column + 1, std::move(message)};
}

std::string sentence_for(const error_code& error) {
  if (error == json::error::incomplete) return "breaks off";
  if (error == json::error::extra_data) return "goes on behind the end of the document";
  if (error == json::error::too_deep)
    return "is nested more than " + std::to_string(kJsonDepthMax) + " levels deep";
  if (error == json::error::exponent_overflow) return "a number is too large";
  return "is not JSON in UTF-8";
}

}  // namespace

core::Result<Raw, JsonError> read_json(std::string_view bytes) {
  if (bytes.size() > kJsonBytesMax)
    return Failure{JsonError{1, 1, "is larger than " + std::to_string(kJsonBytesMax) + " bytes"}};
  if (std::all_of(bytes.begin(), bytes.end(), is_white_space))
    return Failure{JsonError{1, 1, "there is nothing in it"}};

  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::basic_parser<Builder> parser{options};
  error_code error;
  std::size_t stop = parser.write_some(false, bytes.data(), bytes.size(), error);
  if (!error && stop < bytes.size()) error = json::error::extra_data;
  if (!error) return parser.handler().take();

  if (const auto& objection = parser.handler().objection())
    return Failure{error_at(bytes, begin_of(objection->token, bytes, stop), objection->message)};
  if (error == json::error::incomplete) stop = bytes.size();
  if (error == json::error::exponent_overflow) stop = begin_of(Builder::Token::number, bytes, stop);
  return Failure{error_at(bytes, stop, sentence_for(error))};
}

}  // namespace infra::codec
