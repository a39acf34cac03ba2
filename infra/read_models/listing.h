#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/sqlite/connection.h"
#include "infra/sqlite/statement.h"
#include "projections/projection.h"

namespace infra::read_models {

// The table behind Table::listing: (number, patient_id) for each number that a patient's row lists.
// Kept up by differences; while a store loads it stays empty and is built from the rows at the end.
class Listing {
 public:
  [[nodiscard]] static std::string create(const projections::Table::Listing& listing);

  // The connection must outlive it.
  Listing(sqlite::Connection& connection, const projections::Table& table);

  // The patient's row is about to list `packed`; none: to go.
  void replace(std::string_view patient, std::string_view packed);
  // All of it, from the rows, in the order of the table.
  void build();
  // Whether it says what the rows say.
  [[nodiscard]] bool matches() const;

 private:
  struct Entry {
    std::int64_t number;
    std::uint32_t patient;  // place in Rows::patients
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  struct Rows {
    std::vector<std::string> patients;
    std::vector<Entry> entries;  // ascending, as the table has them
  };
  [[nodiscard]] Rows read_rows() const;

  sqlite::Connection& connection_;
  std::string name_;
  std::string select_all_sql_;
  sqlite::Statement select_;
  sqlite::Statement insert_;
  sqlite::Statement remove_;
};

}  // namespace infra::read_models
