#pragma once

#include <string>

#include "projections/projection.h"

// The SQL of one generation's file, made from its projection's tables. Names come from our own
// declarations, never from data.
namespace infra::read_models {

// Tables that every generation has beside its projection's own.
[[nodiscard]] std::string bookkeeping_tables();
[[nodiscard]] std::string create_table(const projections::Table& table);
[[nodiscard]] std::string create_key_index(const projections::Table& table);
// As few as there are declared; empty text: none.
[[nodiscard]] std::string create_other_indexes(const projections::Table& table);

[[nodiscard]] std::string insert_into(const projections::Table& table);
[[nodiscard]] std::string delete_patient_from(const projections::Table& table);
[[nodiscard]] bool has_sequence(const projections::Table& table);
[[nodiscard]] std::string delete_event_from(const projections::Table& table);
[[nodiscard]] std::string select_in_key_order(const projections::Table& table);
// Applies the removals that were put off while loading; ?1 is the table's number.
[[nodiscard]] std::string delete_removed_from(const projections::Table& table);
// Keeps the newest of rows with the same key: a key that came twice while there was no index.
[[nodiscard]] std::string delete_older_duplicates_from(const projections::Table& table);

}  // namespace infra::read_models
