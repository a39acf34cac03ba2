#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>

#include "domain/patient/parse.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/members.h"
#include "tools/bench/bare_server.h"
#include "tools/bench/groups.h"
#include "tools/bench/load.h"
#include "tools/bench/peer.h"
#include "tools/bench/service.h"
#include "tools/bench/serving.h"

// The service under load, over HTTP.
namespace bench {
namespace {

constexpr std::size_t kConnections = 64;
constexpr const char* kOnePatient = "/api/patients/1";

const Loaded& middle(std::vector<Loaded>& runs) {
  std::sort(runs.begin(), runs.end(), [](const Loaded& a, const Loaded& b) {
    return a.rate() < b.rate();
  });
  return runs[runs.size() / 2];
}

std::string rate_p99(const Loaded& loaded, const std::string& of) {
  return per_second(loaded.rate(), of) + ", p99 " + duration(loaded.p99);
}

// New patients as a client sends them.
std::vector<std::string> new_patients(std::size_t count) {
  Invented invented{7};
  std::vector<std::string> bodies;
  for (std::size_t number = 1; number <= count; ++number) {
    const auto document =
        infra::codec::read_json(invented.registration(static_cast<std::int64_t>(number)));
    const auto& members = *document.value().as<core::Raw::Object>();
    bodies.push_back(infra::codec::write_json(*infra::codec::find(members, "patient_data")));
  }
  return bodies;
}

// The commands that the service makes of them.
std::vector<handling::Submission> creations(OwnLog& own, const std::vector<std::string>& bodies) {
  std::vector<handling::Submission> submissions;
  for (const std::string& body : bodies) {
    const auto document = infra::codec::read_json(body);
    patient::Command command = patient::parse_create(document.value()).value().command;
    const patient::Digest digest = infra::codec::command_digest(std::nullopt, command);
    submissions.push_back({patient::CommandId{own.ids().random()},
                           digest,
                           std::nullopt,
                           std::move(command),
                           handling::ExpectAny{},
                           "bench",
                           patient::CorrelationId{own.ids().random()}});
  }
  return submissions;
}

// Makes read models again as long as it lives.
class Rebuilding {
 public:
  explicit Rebuilding(const std::filesystem::path& data)
      : thread_{[this,
                 words = Words{KARTEI_PROGRAM,
                               "--data",
                               data.string(),
                               "--json",
                               "projection",
                               "rebuild",
                               "--all"}] {
          while (!stopping_) static_cast<void>(output_of(words));
        }} {}
  ~Rebuilding() {
    stopping_ = true;
    thread_.join();
  }
  Rebuilding(const Rebuilding&) = delete;
  Rebuilding& operator=(const Rebuilding&) = delete;

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

void measure_service_reads(const Bench& bench, const std::filesystem::path& filled) {
  const Service service{filled};
  service.await_ready();
  const BareServer bare{Peer{service.port()}.get(kOnePatient)};
  std::vector<Loaded> ours;
  std::vector<Loaded> bares;
  for (int run = 0; run < bench.options.runs; ++run) {
    ours.push_back(load_on(service, bench.folder, kOnePatient, {}));
    bares.push_back(load_on(bare, bench.folder, kOnePatient, {}));
  }
  const Loaded& one = middle(ours);
  const Loaded& other = middle(bares);
  bench.report({"`GET` one patient of " + grouped(static_cast<double>(bench.options.patients)) +
                    ", 64 connections",
                "≥ 0.7 × bare, p99 ≤ 5 ms",
                rate_p99(one, "answers"),
                "Beast, the same bytes from memory: " + rate_p99(other, "answers") + ", CPU " +
                    duration(other.cpu) + " each",
                times(one.rate() / other.rate()),
                duration(one.cpu) + " each"});
}

void measure_service_writes(const Bench& bench) {
  constexpr std::size_t kMany = 20'000;
  const std::vector<std::string> bodies = new_patients(kMany);
  OwnLog own{bench.folder / "service-library"};
  std::filesystem::create_directories(bench.folder / "service-writes");
  const Service service{bench.folder / "service-writes"};
  service.await_ready();
  std::vector<Loaded> ours;
  std::vector<Latencies> library;
  for (int run = 0; run < bench.options.runs; ++run) {
    ours.push_back(load_on(service, bench.folder, "/api/patients", {.bodies = bodies}));
    library.push_back(many_in_flight(own.writer(), creations(own, bodies), kConnections));
  }
  const Loaded& one = middle(ours);
  const Latencies& other = middle(library);
  bench.report({"`POST` a new patient, durable, 64 connections",
                "≥ 0.5 × group commit",
                rate_p99(one, "patients"),
                "the same creations through the command queue, 64 in flight: " +
                    per_second(other.rate(), "patients") + ", p99 " +
                    duration(percentile(other.seconds, 0.99)) + ", CPU " +
                    duration(other.cpu / kMany) + " each",
                times(one.rate() / other.rate()),
                duration(one.cpu) + " each"});
}

void measure_service_rebuild(const Bench& bench, const std::filesystem::path& filled) {
  // As much as a large practice never asks, and as little as leaves the machine something to do.
  const Load steady{.seconds = 8, .pause_milliseconds = 50};
  const Service service{filled};
  service.await_ready();
  std::vector<Loaded> idle;
  std::vector<Loaded> busy;
  for (int run = 0; run < bench.options.runs; ++run) {
    idle.push_back(load_on(service, bench.folder, kOnePatient, steady));
    const Rebuilding rebuilding{filled};
    busy.push_back(load_on(service, bench.folder, kOnePatient, steady));
  }
  const Loaded& one = middle(busy);
  const Loaded& other = middle(idle);
  bench.report(
      {"`GET` one patient while all read models are rebuilt, 64 connections that pause "
       "50 ms each",
       "p99 ≤ 3 × without",
       "p50 " + duration(one.p50) + ", p99 " + duration(one.p99) + " at " +
           per_second(one.rate(), "answers"),
       "without a rebuild: p50 " + duration(other.p50) + ", p99 " + duration(other.p99) + " at " +
           per_second(other.rate(), "answers"),
       times(one.p99 / other.p99),
       "–"});
}

}  // namespace bench
