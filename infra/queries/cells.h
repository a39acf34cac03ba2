#pragma once

#include <string>
#include <string_view>

#include "domain/core/raw.h"
#include "domain/patient/ids.h"
#include "infra/sqlite/statement.h"

namespace infra::queries {

// A patient's id as JSON says it: a number when it is one.
[[nodiscard]] inline core::Raw id_cell(std::string_view text) {
  const auto id = patient::PatientId::parse(text);
  const auto number = id ? id->number() : std::nullopt;
  return number ? core::Raw{*number} : core::Raw{std::string{text}};
}

[[nodiscard]] inline core::Raw text_cell(const sqlite::Statement& row, int column) {
  if (row.is_null(column)) return core::Raw{core::Raw::Null{}};
  return core::Raw{std::string{row.bytes(column)}};
}

}  // namespace infra::queries
