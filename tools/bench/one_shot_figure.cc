#include "infra/runtime/clock.h"
#include "infra/service/kartei.h"
#include "tools/bench/child.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"

namespace bench {
namespace {

double median_of_runs(const Words& words) {
  constexpr int kRuns = 40;
  static_cast<void>(output_of(words));  // Warm.
  std::vector<double> seconds;
  for (int i = 0; i < kRuns; ++i) {
    const Stopwatch one;
    static_cast<void>(output_of(words));
    seconds.push_back(one.wall());
  }
  return median(seconds);
}

}  // namespace

void measure_one_shot(const Bench& bench) {
  const std::filesystem::path folder = bench.folder / "one-shot";
  {
    infra::runtime::SystemClock clock;
    infra::runtime::Ids ids;
    infra::service::Kartei kartei{
        {folder, clock, ids, [](std::string_view) {}, [](const infra::service::Progress&) {}}};
    Invented invented{6};
    for (std::int64_t number = 1; number <= 100; ++number) {
      const auto submission = invented.creation(number);
      expect_done(kartei.handle(std::span{&submission, 1}).front());
    }
  }
  const double show =
      median_of_runs({KARTEI_PROGRAM, "--data", folder.string(), "--json", "patient", "show", "1"});
  const double nothing = median_of_runs({"/bin/true"});
  bench.report({"`kartei patient show`, one-shot, 100 patients",
                "≤ 30 ms",
                duration(show),
                "`/bin/true`: " + duration(nothing),
                "+ " + duration(show - nothing),
                "–"});
}

}  // namespace bench
