#include "tools/kartei/present.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "domain/core/match.h"
#include "tools/kartei/table.h"

namespace kartei {
namespace {

using core::Raw;

bool is_table(const Raw& raw) {
  const auto* array = raw.as<Raw::Array>();
  return array != nullptr && !array->empty() &&
         std::all_of(array->begin(), array->end(), [](const Raw& element) {
           return element.as<Raw::Object>() != nullptr;
         });
}

std::string joined(const Raw::Array& array) {
  std::string text;
  for (const Raw& element : array) {
    if (!text.empty()) text += ", ";
    text += cell(element);
  }
  return text.empty() ? "none" : text;
}

std::string decimal(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

bool is_number(const Raw& raw) {
  return raw.as<std::int64_t>() != nullptr || raw.as<double>() != nullptr;
}

std::vector<std::string_view> columns_of(const Raw::Array& rows) {
  std::vector<std::string_view> columns;
  for (const Raw& row : rows) {
    for (const auto& [name, value] : *row.as<Raw::Object>()) {
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    }
  }
  return columns;
}

std::string object_text(const Raw::Object& object) {
  Table pairs{{"", ""}};
  std::string tables;
  for (const auto& [name, value] : object) {
    if (is_table(value)) {
      tables += '\n' + printable(name) + '\n' + present(value);
    } else {
      pairs.add({name, cell(value)});
    }
  }
  const std::string text = pairs.text();
  return text.substr(text.find('\n') + 1) + tables;
}

}  // namespace

const Raw& member(const Raw& object, std::string_view name) {
  static const Raw kNull{Raw::Null{}};
  const auto* members = object.as<Raw::Object>();
  if (members == nullptr) return kNull;
  const auto found = std::find_if(
      members->begin(), members->end(), [&](const auto& one) { return one.first == name; });
  return found == members->end() ? kNull : found->second;
}

std::int64_t number(const Raw& raw) {
  const auto* value = raw.as<std::int64_t>();
  return value == nullptr ? 0 : *value;
}

const Raw::Array& elements(const Raw& raw) {
  static const Raw::Array kEmpty;
  const auto* array = raw.as<Raw::Array>();
  return array == nullptr ? kEmpty : *array;
}

std::string cell(const Raw& value) {
  return core::match(
      value.value,
      [](const Raw::Null&) -> std::string { return "–"; },
      [](bool flag) -> std::string { return flag ? "yes" : "no"; },
      [](std::int64_t whole) { return std::to_string(whole); },
      [](double real) { return decimal(real); },
      [](const std::string& text) { return text; },
      [](const Raw::Array& array) { return joined(array); },
      [](const Raw::Object& object) {
        std::string text;
        for (const auto& [name, member] : object) {
          text += (text.empty() ? "" : ", ") + name + ": " + cell(member);
        }
        return text;
      });
}

std::string table_of(const Raw& array,
                     std::span<const std::string_view> columns,
                     std::string_view nothing) {
  const Raw::Array& rows = elements(array);
  if (rows.empty()) return std::string{nothing} + '\n';
  Table table{{columns.begin(), columns.end()}};
  for (const Raw& row : rows) {
    std::vector<std::string> cells;
    for (const std::string_view column : columns) cells.push_back(cell(member(row, column)));
    table.add(std::move(cells));
  }
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const auto fits = [&](const Raw& row) {
      const Raw& value = member(row, columns[at]);
      return value.is_null() || is_number(value);
    };
    if (std::all_of(rows.begin(), rows.end(), fits)) table.align_right(at);
  }
  return table.text();
}

std::string present(const Raw& document) {
  if (is_table(document)) {
    return table_of(document, columns_of(*document.as<Raw::Array>()), "nothing");
  }
  if (const auto* object = document.as<Raw::Object>()) return object_text(*object);
  return printable(cell(document)) + '\n';
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string{count == 1 ? one : many};
}

}  // namespace kartei
