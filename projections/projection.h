#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/patient/state.h"
#include "domain/ports/log.h"

// Reading: projections are functions. No clock, no randomness, no I/O, no other rows: the same
// record gives the same rows for ever, so every read model can be deleted and comes back.
namespace projections {

enum class ColumnType : std::uint8_t { integer, text, blob };
struct Column {
  std::string_view name;
  ColumnType type;
};

// One table of a read model. Its first column is always `patient_id` (text).
struct Table {
  std::string_view name;
  std::vector<Column> columns;
  std::size_t key_columns;  // the first so many columns are its unique key
  // What happens when a key comes again: false, it cannot (state rows are replaced as a whole,
  // history rows have the sequence in their key); true, the first row stays.
  bool first_wins = false;
  std::vector<std::vector<std::string_view>> indexes = {};

  // A blob column that lists numbers (projections/listing.h): the store keeps beside the rows a
  // table of this name, (number, patient_id), by which a patient is found from each number. One
  // entry instead of a row with two index entries, and only what changed is written.
  struct Listing {
    std::string_view name;
    std::string_view column;
  };
  std::optional<Listing> listing = std::nullopt;  // only where patient_id alone is the key
};

// null, integer, or text/blob as the column says.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
struct Row {
  std::size_t table;  // index into Projection::tables
  std::vector<Cell> cells;
  friend bool operator==(const Row&, const Row&) = default;
};
using Rows = std::vector<Row>;

// A state projection: the rows of one patient from its state. Appends to `rows`; no row: the
// patient is not shown (expected, deleted).
using StateRows = std::function<void(const patient::PatientId&, const patient::State&, Rows& rows)>;

// A history projection: the rows of one event. `bytes` is the record's value as the log keeps it.
// Each row's columns begin with patient_id; every table has a column `sequence`.
using HistoryRows =
    std::function<void(const patient::Recorded&, std::string_view bytes, Rows& rows)>;

struct Projection {
  std::string_view name;
  std::int32_t version;  // of its rows: another version means rebuild
  std::vector<Table> tables;
  std::variant<StateRows, HistoryRows> rows;

  [[nodiscard]] bool of_state() const { return std::holds_alternative<StateRows>(rows); }
  // That it reads.
  [[nodiscard]] ports::Topic topic() const {
    return of_state() ? ports::Topic::patient_events : ports::Topic::patient_history;
  }
};

}  // namespace projections
