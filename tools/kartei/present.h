#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/core/raw.h"

// A document as a person reads it: tables, lists of names and values, sentences.
namespace kartei {

// The member of an object; null when `object` is none or has none of that name.
[[nodiscard]] const core::Raw& member(const core::Raw& object, std::string_view name);
// The number, or 0 when it is none.
[[nodiscard]] std::int64_t number(const core::Raw& raw);
// The elements of an array; empty when it is none.
[[nodiscard]] const core::Raw::Array& elements(const core::Raw& raw);

// One value in one cell: null is `–`, lists are separated by commas, objects stay JSON.
[[nodiscard]] std::string cell(const core::Raw& value);

// An array of objects as a table with these columns; `nothing` instead when the array is empty.
[[nodiscard]] std::string table_of(const core::Raw& array,
                                   std::span<const std::string_view> columns,
                                   std::string_view nothing);

// Any document: arrays of objects as tables, objects as names and values.
[[nodiscard]] std::string present(const core::Raw& document);

// "1 patient", "2 patients".
[[nodiscard]] std::string counted(std::int64_t count, std::string_view one, std::string_view many);

}  // namespace kartei
