#include "infra/ingest/importer.h"
#include "tools/bench/bare.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"

namespace bench {

void measure_import(const Bench& bench) {
  using infra::ingest::Importer;
  const std::int64_t count = bench.options.patients;
  Invented invented{5};
  std::vector<std::string> documents;
  for (std::int64_t number = 1; number <= count; ++number)
    documents.push_back(invented.registration(number));

  OwnLog own{bench.folder / "import"};
  Importer importer{
      infra::ingest::Content::registrations,
      "bench",
      own.ids(),
      [&](std::span<const handling::Submission> batch) { return own.writer().handle(batch); }};
  const Stopwatch whole;
  for (std::string& document : documents) importer.add({"invented", 0, std::move(document)});
  importer.finish();
  const double wall = whole.wall();
  const double cpu = whole.cpu();
  if (importer.summary().imported != count) throw std::runtime_error("the import refused some");

  const auto batches = static_cast<std::size_t>(count) / Importer::kBatchMax + 1;
  const std::string bytes(static_cast<std::size_t>(own.record_bytes()) / batches, 'x');
  const Stopwatch bare;
  BareFile file{bench.folder / "bare-import"};
  for (std::size_t batch = 0; batch < batches; ++batch) file.append(bytes);
  const double bare_wall = bare.wall();

  const auto registrations = static_cast<double>(count);
  bench.report({"import of " + grouped(registrations) + " registrations (JSON)",
                "–",
                duration(wall) + " = " + per_second(registrations / wall, "registrations"),
                "write + fdatasync of the same bytes in as many batches: " + duration(bare_wall),
                times(wall / bare_wall) + " as long",
                duration(cpu)});
}

}  // namespace bench
