#include "projections/directory/json_text.h"

#include "domain/core/expects.h"
#include "domain/core/match.h"

namespace projections::directory {
namespace {

void write(const core::Raw& raw, std::string& out);

void write(const std::string& text, std::string& out) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHexDigits[static_cast<unsigned char>(c) >> 4];
      out += kHexDigits[static_cast<unsigned char>(c) & 0xF];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const core::Raw::Array& array, std::string& out) {
  out += '[';
  bool first = true;
  for (const core::Raw& element : array) {
    if (!first) out += ',';
    first = false;
    write(element, out);
  }
  out += ']';
}

void write(const core::Raw::Object& object, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : object) {
    if (!first) out += ',';
    first = false;
    write(name, out);
    out += ':';
    write(value, out);
  }
  out += '}';
}

void write(const core::Raw& raw, std::string& out) {
  core::match(
      raw.value,
      [&](core::Raw::Null) { out += "null"; },
      [&](bool flag) { out += flag ? "true" : "false"; },
      [&](std::int64_t number) { out += std::to_string(number); },
      [](double) { core::expects(false, "no key of a patient holds a fraction"); },
      [&](const std::string& text) { write(text, out); },
      [&](const core::Raw::Array& array) { write(array, out); },
      [&](const core::Raw::Object& object) { write(object, out); });
}

}  // namespace

std::string json_text(const core::Raw& document) {
  std::string out;
  write(document, out);
  return out;
}

}  // namespace projections::directory
