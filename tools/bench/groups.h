#pragma once

#include "tools/bench/figures.h"
#include "tools/bench/filled_log.h"

// What is measured, one function a file. Each says what it measured through Bench::report.
namespace bench {

// Durable commands one at a time and with 64 in flight, against write + fdatasync of as many bytes.
void measure_commands(const Bench& bench);
// The same on Kafka with 5000 in flight, against a bare transactional producer.
void measure_kafka_commands(const Bench& bench);
// State projections from a log on Kafka, against a bare loop that consumes the same topic.
void measure_kafka_rebuild(const Bench& bench);
// From a commit to the moment when a reader of a read model sees it.
void measure_visibility(const Bench& bench);
// 100 000 registrations as JSON, in the importer's batches.
void measure_import(const Bench& bench);
// The whole program, started for one answer.
void measure_one_shot(const Bench& bench);

// State projections by the fold and event by event; throws when their rows differ. Leaves the
// rebuilt files in `bench.folder / "read"` for measure_queries.
void measure_state_rebuild(const Bench& bench, OwnLog& own);
void measure_history_rebuild(const Bench& bench, OwnLog& own);
// Point query, list, substring search.
void measure_queries(const Bench& bench, OwnLog& own);

// `kartei serve` over HTTP. `filled` is a data directory that nobody holds.
// GETs beside a bare server of Boost.Beast; POSTs beside the same commands without HTTP.
void measure_service_reads(const Bench& bench, const std::filesystem::path& filled);
void measure_service_writes(const Bench& bench);
// GETs while every read model is made again, and while none is.
void measure_service_rebuild(const Bench& bench, const std::filesystem::path& filled);
// The memory of connections that are held; the time until it is ready.
void measure_service_connections(const Bench& bench, const std::filesystem::path& filled);
void measure_service_start(const Bench& bench, const std::filesystem::path& filled);

}  // namespace bench
