#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "infra/runtime/clock.h"
#include "infra/service/kartei.h"
#include "tools/bench/groups.h"
#include "tools/bench/measuring.h"

namespace bench {
namespace {

// Runs a program to its end with its output thrown away.
void run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error(words.front() + " failed");
}

double median_of_runs(const std::vector<std::string>& words) {
  constexpr int kRuns = 40;
  run(words);  // Warm.
  std::vector<double> seconds;
  for (int i = 0; i < kRuns; ++i) {
    const Stopwatch one;
    run(words);
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
