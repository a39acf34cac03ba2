#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "domain/core/match.h"
#include "infra/codec/json.h"

namespace infra::codec {
namespace {

using core::Raw;

enum class Form { compact, pretty, canonical };

void append_escape(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

void append_text(std::string_view text, std::string& out) {
  out += '"';
  std::size_t written = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(written, at - written);
    append_escape(c, out);
    written = at + 1;
  }
  out += text.substr(written);
  out += '"';
}

template <class Number>
void append_number(Number number, std::string& out) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

// The shortest digits that are read back as the same double.
void append_double(double number, Form form, std::string& out) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (!std::isfinite(number)) {  // JSON has no word for it, and the reader makes none.
    out += "null";
    return;
  }
  if (form == Form::canonical && std::trunc(number) == number && std::abs(number) <= kExactMax) {
    append_number(static_cast<std::int64_t>(number), out);
    return;
  }
  const std::size_t begin = out.size();
  append_number(number, out);
  if (std::string_view{out}.substr(begin).find_first_of(".e") == std::string_view::npos)
    out += ".0";
}

class Writer {
 public:
  Writer(Form form, std::string& out) : form_(form), out_(out) {}

  void write(const Raw& raw) {
    core::match(
        raw.value,
        [&](Raw::Null) { out_ += "null"; },
        [&](bool flag) { out_ += flag ? "true" : "false"; },
        [&](std::int64_t number) { append_number(number, out_); },
        [&](double number) { append_double(number, form_, out_); },
        [&](const std::string& text) { append_text(text, out_); },
        [&](const Raw::Array& array) {
          open('[');
          for (const Raw& element : array) {
            begin_entry(&element == &array.front());
            write(element);
          }
          close(']', array.empty());
        },
        [&](const Raw::Object& object) { write_object(object); });
  }

 private:
  void write_object(const Raw::Object& object) {
    open('{');
    if (form_ == Form::canonical) {
      std::vector<const Raw::Member*> members;
      members.reserve(object.size());
      for (const Raw::Member& member : object) members.push_back(&member);
      std::sort(members.begin(), members.end(), [](const Raw::Member* a, const Raw::Member* b) {
        return a->first < b->first;
      });
      for (const Raw::Member* member : members) write_member(*member, member == members.front());
    } else {
      for (const Raw::Member& member : object) write_member(member, &member == &object.front());
    }
    close('}', object.empty());
  }

  void write_member(const Raw::Member& member, bool first) {
    begin_entry(first);
    append_text(member.first, out_);
    out_ += form_ == Form::pretty ? ": " : ":";
    write(member.second);
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
  }
  void begin_entry(bool first) {
    if (!first) out_ += ',';
    break_line();
  }
  void close(char bracket, bool empty) {
    --depth_;
    if (!empty) break_line();
    out_ += bracket;
  }
  void break_line() {
    if (form_ != Form::pretty) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  Form form_;
  std::size_t depth_ = 0;
  std::string& out_;
};

std::string write_as(Form form, const Raw& raw) {
  std::string out;
  Writer{form, out}.write(raw);
  return out;
}

}  // namespace

void append_json(const Raw& raw, std::string& out) { Writer{Form::compact, out}.write(raw); }
void append_json(std::string_view text, std::string& out) { append_text(text, out); }

std::string write_json(const Raw& raw) { return write_as(Form::compact, raw); }
std::string write_json_pretty(const Raw& raw) { return write_as(Form::pretty, raw) + '\n'; }
std::string canonical_json(const Raw& raw) { return write_as(Form::canonical, raw); }

}  // namespace infra::codec
