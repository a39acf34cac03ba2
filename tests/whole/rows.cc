#include "tests/whole/rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "infra/codec/json.h"
#include "infra/sqlite/statement.h"

namespace whole {
namespace {

std::string sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  std::string text;
  for (const std::string& row : rows) text += row + '\n';
  return text;
}

std::string table_of(Place& place, const std::string& model, const std::string& table) {
  const Ran ran = place.json({"query", "sql", model, "SELECT * FROM " + table});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  std::vector<std::string> rows;
  const std::string path = "data.rows.";
  for (std::size_t at = 0; at < ran.size("data.rows"); ++at) {
    rows.push_back(ran.at(path + std::to_string(at)));
  }
  return model + ' ' + table + ' ' + ran.at("data.columns") + '\n' + sorted(std::move(rows));
}

}  // namespace

std::string rows_of(Place& place) {
  std::string all = table_of(place, "directory", "search");
  for (const char* model : kReadModels) {
    all += table_of(place, model, model);
    all += table_of(place, model, "quarantine");
  }
  return all;
}

std::string states_of(Place& place) {
  // A refused command brings them to the head.
  const Ran ran = place.json({"patient", "delete", "nobody"});
  EXPECT_EQ(ran.status, 3) << ran.out << ran.err;
  infra::sqlite::Connection states{place.data() / "states.db", infra::sqlite::Open::read_only};
  std::string all;
  for (const char* table : {"state", "command", "registration", "quarantine"}) {
    infra::sqlite::Statement select{states, std::string{"SELECT * FROM "} + table};
    std::vector<std::string> rows;
    while (select.step()) {
      std::string row;
      for (int column = 0; column < select.columns(); ++column) {
        row += select.is_null(column) ? "null" : std::string{select.bytes(column)};
        row += '|';
      }
      rows.push_back(std::move(row));
    }
    all += table + ('\n' + sorted(std::move(rows)));
  }
  return all;
}

void expect_in_order(Place& place) {
  const Ran log = place.json({"events", "verify"});
  EXPECT_EQ(log.status, 0) << log.out << log.err;
  EXPECT_EQ(log.at("data.problems"), "[]");
  const Ran models = place.json({"projection", "verify", "--all"});
  EXPECT_EQ(models.status, 0) << models.out << models.err;
}

}  // namespace whole
