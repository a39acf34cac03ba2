#include <atomic>
#include <condition_variable>
#include <thread>

#include "infra/read_models/sqlite_store.h"
#include "projections/directory/directory.h"
#include "projections/worker.h"
#include "tools/bench/bare.h"
#include "tools/bench/groups.h"
#include "tools/bench/in_flight.h"
#include "tools/bench/serving.h"

namespace bench {
namespace {

constexpr std::int64_t kPatients = 1000;
constexpr std::size_t kInFlight = 64;

std::vector<handling::Submission> invent(OwnLog& own, std::size_t count, std::int64_t& serial) {
  static Invented invented{2};
  std::vector<handling::Submission> submissions;
  for (std::size_t i = 0; i < count; ++i) {
    const auto patient = static_cast<std::int64_t>(1 + invented.below(kPatients));
    submissions.push_back(invented.happening(patient, ++serial, own.clock.now()));
  }
  return submissions;
}

// One command, one transaction, one sync.
Latencies one_at_a_time(OwnLog& own, const std::vector<handling::Submission>& submissions) {
  Latencies latencies;
  const Stopwatch whole;
  for (const handling::Submission& submission : submissions) {
    const Stopwatch one;
    expect_done(own.writer().handle(std::span{&submission, 1}).front());
    latencies.seconds.push_back(one.wall());
  }
  latencies.wall = whole.wall();
  latencies.cpu = whole.cpu();
  return latencies;
}

Latencies bare_one_at_a_time(const Bench& bench, std::size_t count, const std::string& bytes) {
  BareFile file{bench.folder / "bare-one"};
  Latencies latencies;
  const Stopwatch whole;
  for (std::size_t i = 0; i < count; ++i) {
    const Stopwatch one;
    file.append(bytes);
    latencies.seconds.push_back(one.wall());
  }
  latencies.wall = whole.wall();
  return latencies;
}

Latencies bare_in_flight(const Bench& bench, std::size_t count, const std::string& bytes) {
  BareAppender appender{bench.folder / "bare-many"};
  return keep_in_flight(count, kInFlight, [&](std::size_t) { return appender.append(bytes); });
}

}  // namespace

void measure_commands(const Bench& bench) {
  constexpr std::size_t kOnes = 300;
  constexpr std::size_t kMany = 20'000;
  OwnLog own{bench.folder / "commands"};
  Invented invented{3};
  own.create(invented, 1, kPatients);
  std::int64_t serial = 0;
  const std::int64_t before = own.record_bytes();
  static_cast<void>(one_at_a_time(own, invent(own, kOnes, serial)));  // Warm, and a typical size.
  const auto each = static_cast<std::size_t>(own.record_bytes() - before) / kOnes;
  const std::string bytes(each, 'x');
  const std::string bare_name = "write + fdatasync of " + std::to_string(each) + " bytes: ";

  std::vector<Latencies> ones;
  std::vector<Latencies> bare_ones;
  std::vector<Latencies> many;
  std::vector<Latencies> bare_many;
  for (int run = 0; run < bench.options.runs; ++run) {
    ones.push_back(one_at_a_time(own, invent(own, kOnes, serial)));
    bare_ones.push_back(bare_one_at_a_time(bench, kOnes, bytes));
    many.push_back(many_in_flight(own.writer(), invent(own, kMany, serial), kInFlight));
    bare_many.push_back(bare_in_flight(bench, kMany, bytes));
  }
  const Latencies& one = middle(ones);
  const Latencies& bare_one = middle(bare_ones);
  bench.report({"durable commands, one at a time",
                "p50 ≤ 1.5 × bare",
                p50_p99(one),
                bare_name + p50_p99(bare_one),
                times(median(one.seconds) / median(bare_one.seconds)),
                duration(one.cpu / kOnes) + " each"});
  const Latencies& in_flight = middle(many);
  const Latencies& bare_in = middle(bare_many);
  bench.report({"durable commands, 64 in flight",
                "≥ 0.7 × bare",
                per_second(in_flight.rate(), "commands") + ", p99 " +
                    duration(percentile(in_flight.seconds, 0.99)),
                bare_name + per_second(bare_in.rate(), "appends"),
                times(in_flight.rate() / bare_in.rate()),
                duration(in_flight.cpu / kMany) + " each"});
}

void measure_visibility(const Bench& bench) {
  constexpr std::size_t kCommits = 500;
  OwnLog own{bench.folder / "visibility"};
  Invented invented{4};
  own.create(invented, 1, kPatients);
  const auto projection = projections::directory_projection();
  const auto store = infra::read_models::SqliteStore::create(
      bench.folder / "visible.db", projection, own.log().identity());
  const projections::Building building{projection, *store};
  projections::rebuild({own.log(), own.codec(), std::span{&building, 1}});
  projections::Worker worker{{own.log(), own.codec(), projection, *store}};
  worker.catch_up();

  std::mutex mutex;
  std::condition_variable wake;
  std::size_t committed = 0;
  std::atomic<std::size_t> applied = 0;
  std::thread live{[&] {
    for (std::size_t seen = 0; seen < kCommits;) {
      {
        std::unique_lock lock{mutex};
        wake.wait(lock, [&] { return committed > seen; });
        seen = committed;
      }
      worker.apply();
      applied = seen;
      applied.notify_one();
      worker.catch_up();  // Looks whether there is more.
    }
  }};
  infra::sqlite::Connection reader{store->file(), infra::sqlite::Open::read_only};
  infra::sqlite::Statement select{reader, "SELECT sequence FROM directory WHERE patient_id = ?1"};
  std::int64_t serial = 0;
  std::vector<double> seconds;
  const auto submissions = invent(own, kCommits, serial);
  const Stopwatch whole;
  for (std::size_t at = 0; at < kCommits; ++at) {
    const auto answers = own.writer().handle(std::span{&submissions[at], 1});
    expect_done(answers.front());
    const auto& done = std::get<handling::Done>(answers.front());
    const Stopwatch since;
    {
      const std::lock_guard lock{mutex};
      committed = at + 1;
    }
    wake.notify_one();
    applied.wait(at);
    select.bind(1, done.patient.text());
    const bool visible = select.step() && select.integer(0) == done.after.sequence.get();
    select.reset();
    seconds.push_back(since.wall());
    if (!visible) {
      live.detach();
      throw std::runtime_error("a commit is not visible after its worker has come");
    }
  }
  const double cpu = whole.cpu();
  live.join();
  bench.report({"commit to visible in `directory`, idle",
                "p50 ≤ 150 µs, p99 ≤ 1 ms",
                "p50 " + duration(median(seconds)) + ", p99 " + duration(percentile(seconds, 0.99)),
                "–",
                "–",
                duration(cpu / kCommits) + " each, with the command"});
}

}  // namespace bench
