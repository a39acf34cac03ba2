#include "projections/verify.h"

#include <algorithm>
#include <map>

namespace projections {
namespace {

class Comparing {
 public:
  explicit Comparing(Comparison& comparison) : comparison_(comparison) {}

  void rows_of(const Table& table, RowCursor& live, RowCursor& rebuilt) {
    std::vector<Cell> left;
    std::vector<Cell> right;
    bool has_left = live.next(left);
    bool has_right = rebuilt.next(right);
    while (has_left || has_right) {
      const int order = !has_left ? 1 : !has_right ? -1 : order_of(table, left, right);
      if (order < 0) {
        report(table, left, "*", key_text(table, left), {});
      } else if (order > 0) {
        report(table, right, "*", {}, key_text(table, right));
      } else {
        cells_of(table, left, right);
      }
      if (order >= 0) ++comparison_.rows;
      if (order <= 0) has_left = live.next(left);
      if (order >= 0) has_right = rebuilt.next(right);
    }
  }

  void quarantine(const ReadStore& live, const ReadStore& rebuilt) {
    std::map<std::string, std::pair<Cell, Cell>> entries;
    for (const Quarantined& entry : live.quarantined())
      entries[entry.patient.text()].first = entry.offset.get();
    for (const Quarantined& entry : rebuilt.quarantined())
      entries[entry.patient.text()].second = entry.offset.get();
    for (const auto& [patient, offsets] : entries) {
      if (offsets.first != offsets.second)
        add({patient, "quarantine", "offset", offsets.first, offsets.second});
    }
  }

 private:
  // SQLite's order, bytewise: null, then numbers, then text; within one column all have one type.
  static int order_of(const Table& table,
                      const std::vector<Cell>& left,
                      const std::vector<Cell>& right) {
    for (std::size_t at = 0; at < table.key_columns; ++at) {
      if (left[at] < right[at]) return -1;
      if (right[at] < left[at]) return 1;
    }
    return 0;
  }

  static std::string key_text(const Table& table, const std::vector<Cell>& row) {
    std::string text;
    for (std::size_t at = 0; at < table.key_columns; ++at) {
      if (at > 0) text += '/';
      if (const auto* number = std::get_if<std::int64_t>(&row[at])) text += std::to_string(*number);
      if (const auto* part = std::get_if<std::string>(&row[at])) text += *part;
    }
    return text;
  }

  void cells_of(const Table& table, const std::vector<Cell>& left, const std::vector<Cell>& right) {
    for (std::size_t at = table.key_columns; at < table.columns.size(); ++at) {
      if (left[at] != right[at]) report(table, left, table.columns[at].name, left[at], right[at]);
    }
  }

  void report(const Table& table,
              const std::vector<Cell>& row,
              std::string_view column,
              Cell live,
              Cell rebuilt) {
    const auto* patient = std::get_if<std::string>(&row.front());
    add({patient == nullptr ? std::string{} : *patient,
         std::string{table.name},
         std::string{column},
         std::move(live),
         std::move(rebuilt)});
  }

  void add(Drift drift) {
    ++comparison_.drifted;
    if (comparison_.drift.size() < kDriftMax) comparison_.drift.push_back(std::move(drift));
  }

  Comparison& comparison_;
};

}  // namespace

Comparison compare(const Projection& projection, const ReadStore& live, const ReadStore& rebuilt) {
  Comparison comparison;
  Comparing comparing{comparison};
  for (std::size_t table = 0; table < projection.tables.size(); ++table) {
    comparing.rows_of(projection.tables[table], *live.rows(table), *rebuilt.rows(table));
  }
  comparing.quarantine(live, rebuilt);
  return comparison;
}

}  // namespace projections
