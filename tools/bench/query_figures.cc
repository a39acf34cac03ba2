#include "infra/queries/contacts.h"
#include "infra/queries/patients.h"
#include "infra/runtime/clock.h"
#include "infra/service/kartei.h"
#include "infra/sqlite/statement.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"

namespace bench {
namespace {

using infra::sqlite::Connection;
using infra::sqlite::Open;
using infra::sqlite::Statement;

// Seconds of each of `count` calls, after a tenth as many that do not count.
template <class Ask>
std::vector<double> ask_many(std::size_t count, const Ask& ask) {
  std::vector<double> seconds;
  for (std::size_t at = 0; at < count + count / 10; ++at) {
    const Stopwatch one;
    ask();
    if (at >= count / 10) seconds.push_back(one.wall());
  }
  return seconds;
}

std::size_t read_all(Statement& select) {
  std::size_t bytes = 0;
  while (select.step()) {
    for (int column = 0; column < select.columns(); ++column) bytes += select.bytes(column).size();
  }
  select.reset();
  return bytes;
}

void measure_point(const Bench& bench, Connection& directory, OwnLog& own) {
  Invented invented{7};
  const auto any = [&] {
    return patient::PatientId::numbered(static_cast<std::int64_t>(
        1 + invented.below(static_cast<std::uint64_t>(bench.options.patients))));
  };
  infra::runtime::SystemClock clock;
  infra::service::Kartei kartei{{own.folder(), clock, own.ids(), [](auto) {}, [](const auto&) {}}};
  const auto asked = ask_many(20'000, [&] {
    if (!kartei.show(any(), {})) throw std::runtime_error("a patient is missing");
  });
  Statement select{directory, "SELECT * FROM directory WHERE patient_id = ?1"};
  std::size_t bytes = 0;
  const auto bare = ask_many(20'000, [&] {
    const auto id = any();
    select.bind(1, id.text());
    bytes += read_all(select);
  });
  if (bytes == 0) throw std::runtime_error("the bare statement found nothing");
  bench.report({"point query: one patient, all 36 keys",
                "p50 ≤ 15 µs",
                "p50 " + duration(median(asked)),
                "one prepared statement: p50 " + duration(median(bare)),
                times(median(asked) / median(bare)) + " as long",
                "–"});
}

void measure_list(const Bench& bench, Connection& kontakt) {
  const auto asked = ask_many(1000, [&] {
    static_cast<void>(infra::queries::letzter_kontakt(kontakt, {std::nullopt, false, 50}));
  });
  Statement select{kontakt,
                   "SELECT k.patient_id, d.vorname, d.nachname, k.letzter_kontakt, k.channel,"
                   " k.source FROM letzter_kontakt k JOIN directory.directory d"
                   " ON d.patient_id = k.patient_id"
                   " ORDER BY k.letzter_kontakt, k.number, k.patient_id LIMIT 50"};
  const auto bare = ask_many(1000, [&] { static_cast<void>(read_all(select)); });
  bench.report({"list of 50 by an index: `query letzter-kontakt`",
                "p50 ≤ 200 µs",
                "p50 " + duration(median(asked)),
                "one prepared statement: p50 " + duration(median(bare)),
                times(median(asked) / median(bare)) + " as long",
                "–"});
}

void measure_page(const Bench& bench, Connection& directory) {
  infra::queries::ListFilter filter;
  filter.status = patient::Status::in_therapie;
  filter.limit = 50;
  const auto asked =
      ask_many(100, [&] { static_cast<void>(infra::queries::list(directory, filter)); });
  Statement select{
      directory,
      "SELECT * FROM directory WHERE status = 'in_Therapie' ORDER BY number, patient_id LIMIT 50"};
  const auto bare = ask_many(100, [&] { static_cast<void>(read_all(select)); });
  bench.report({"page of 50 with its total: `patient list --status`",
                "–",
                "p50 " + duration(median(asked)),
                "one prepared statement, without the total: p50 " + duration(median(bare)),
                times(median(asked) / median(bare)) + " as long",
                "–"});
}

void measure_search(const Bench& bench, Connection& directory) {
  infra::queries::ListFilter filter;
  filter.search = "ÖWENstätt";
  const auto asked =
      ask_many(20, [&] { static_cast<void>(infra::queries::list(directory, filter)); });
  std::vector<std::string> texts;
  Statement select{directory, "SELECT text FROM search"};
  while (select.step()) texts.emplace_back(select.bytes(0));
  select.reset();
  std::size_t found = 0;
  const auto bare = ask_many(20, [&] {
    for (const std::string& text : texts) found += text.find("öwenstätt") != std::string::npos;
  });
  if (found == 0) throw std::runtime_error("the search finds nothing");
  const double part = static_cast<double>(texts.size()) / 1e6;
  bench.report({"substring search over " + grouped(static_cast<double>(texts.size())) + " patients",
                "p50 ≤ 150 ms per 1 000 000 (" + duration(0.150 * part) + " here)",
                "p50 " + duration(median(asked)),
                "find in as many texts in memory: p50 " + duration(median(bare)),
                times(median(asked) / median(bare)) + " as long",
                "–"});
}

}  // namespace

void measure_queries(const Bench& bench, OwnLog& own) {
  const std::filesystem::path folder = bench.folder / "read";
  Connection directory{folder / "directory.db", Open::read_only};
  Connection kontakt{folder / "letzter_kontakt.db", Open::read_only};
  Statement{kontakt, "ATTACH ?1 AS directory"}
      .bind(1, std::string_view{(folder / "directory.db").native()})
      .run();
  measure_point(bench, directory, own);
  measure_list(bench, kontakt);
  measure_page(bench, directory);
  measure_search(bench, directory);
}

}  // namespace bench
