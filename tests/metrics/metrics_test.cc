#include "infra/metrics/metrics.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "domain/patient/events.h"
#include "tests/metrics/exposition.h"

namespace {

using infra::metrics::CommandOutcome;
using infra::metrics::ForwardOutcome;
using infra::metrics::Metrics;
using infra::metrics::Snapshot;
using infra::metrics::TransactionOutcome;
using std::chrono::microseconds;
using testing_metrics::everything;
using testing_metrics::Exposition;

const std::string kRequests = "kartei_http_request_duration_seconds";

std::string labels(const std::string& method, const std::string& route, const std::string& status) {
  return R"({method=")" + method + R"(",route=")" + route + R"(",status=")" + status + "\"";
}

// Not one sum of texts: g++ 12 sees an overlap in it at -O3.
std::string route(std::size_t number) {
  std::string text{'/'};
  return text += std::to_string(number);
}

TEST(Metrics, HaveAHistogramForEachKindOfExchange) {
  Metrics metrics;
  metrics.exchanged("GET", "/api/patients/{id}", 200, microseconds{50});
  metrics.exchanged("GET", "/api/patients/{id}", 200, microseconds{1500});
  metrics.exchanged("GET", "/api/patients/{id}", 404, microseconds{50});
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.types.at(kRequests), "histogram");
  const std::string found = labels("GET", "/api/patients/{id}", "200");
  EXPECT_EQ(seen.at(kRequests + "_count" + found + "}"), 2);
  EXPECT_DOUBLE_EQ(seen.at(kRequests + "_sum" + found + "}"), 0.00155);
  EXPECT_EQ(seen.at(kRequests + "_bucket" + found + R"(,le="0.0001"})"), 1);
  EXPECT_EQ(seen.at(kRequests + "_bucket" + found + R"(,le="0.001"})"), 1);
  EXPECT_EQ(seen.at(kRequests + "_bucket" + found + R"(,le="0.0025"})"), 2);
  EXPECT_EQ(seen.at(kRequests + "_bucket" + found + R"(,le="+Inf"})"), 2);
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("GET", "/api/patients/{id}", "404") + "}"), 1);
}

TEST(Metrics, CallMethodsOfHttpByTheirNames) {
  Metrics metrics;
  const char* const methods[] = {
      "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
  for (const char* method : methods) metrics.exchanged(method, "", 405, microseconds{1});
  const Exposition seen{metrics.text({})};
  for (const char* method : methods)
    EXPECT_EQ(seen.at(kRequests + "_count" + labels(method, "none", "405") + "}"), 1) << method;
}

TEST(Metrics, CallOtherWhatHttpDoesNotDefine) {
  Metrics metrics;
  metrics.exchanged("CANARY", "/health", 405, microseconds{1});
  metrics.exchanged("get", "/health", 405, microseconds{1});
  metrics.exchanged("", "", 400, microseconds{1});
  metrics.exchanged("POST", "", 0, microseconds{1});
  metrics.exchanged("POST", "", 7'000, microseconds{1});
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("other", "/health", "405") + "}"), 2);
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("other", "none", "400") + "}"), 1);
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("POST", "none", "other") + "}"), 2);
}

TEST(Metrics, TellABoundedNumberOfKindsApartAndCountTheRestAsOne) {
  Metrics metrics;
  constexpr std::size_t kMore = 50;
  for (std::size_t i = 0; i < Metrics::kExchangeKindsMax + kMore; ++i) {
    metrics.exchanged("GET", route(i), 200, microseconds{1});
  }
  metrics.exchanged("GET", "/0", 200, microseconds{1});
  const Exposition seen{metrics.text({})};
  std::size_t kinds = 0;
  for (const auto& [sample, value] : seen.samples) {
    if (sample.starts_with(kRequests + "_count")) ++kinds;
  }
  EXPECT_EQ(kinds, Metrics::kExchangeKindsMax + 1);
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("other", "other", "other") + "}"), kMore);
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("GET", "/0", "200") + "}"), 2);
}

TEST(Metrics, EscapeWhatStandsInALabel) {
  Metrics metrics;
  metrics.exchanged("GET", "/\"\\\n", 200, microseconds{1});
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.at(kRequests + "_count" + labels("GET", R"(/\"\\\n)", "200") + "}"), 1);
}

TEST(Metrics, CountEachOutcomeUnderItsOwnName) {
  Metrics metrics;
  const std::pair<CommandOutcome, const char*> commands[] = {
      {CommandOutcome::done, "done"},
      {CommandOutcome::nothing_to_change, "nothing_to_change"},
      {CommandOutcome::deduplicated, "deduplicated"},
      {CommandOutcome::refused, "refused"},
      {CommandOutcome::unknown, "unknown"},
      {CommandOutcome::broken, "broken"}};
  const std::pair<TransactionOutcome, const char*> transactions[] = {
      {TransactionOutcome::committed, "committed"},
      {TransactionOutcome::fenced, "fenced"},
      {TransactionOutcome::unknown, "unknown"},
      {TransactionOutcome::refused, "refused"}};
  const std::pair<ForwardOutcome, const char*> forwards[] = {
      {ForwardOutcome::answered, "answered"},
      {ForwardOutcome::unreachable, "unreachable"},
      {ForwardOutcome::unknown, "unknown"},
      {ForwardOutcome::busy, "busy"}};
  const Exposition before{metrics.text({})};
  // The first once, the second twice, so that none can stand for another.
  const auto count = [](const auto& outcomes, const auto& one_more) {
    int times = 0;
    for (const auto& [outcome, name] : outcomes) {
      ++times;
      for (int i = 0; i < times; ++i) one_more(outcome);
    }
  };
  count(commands, [&](CommandOutcome outcome) { metrics.commanded(outcome); });
  count(transactions, [&](TransactionOutcome outcome) { metrics.transacted(outcome); });
  count(forwards, [&](ForwardOutcome outcome) { metrics.forwarded(outcome); });
  const Exposition after{metrics.text({})};
  const auto expect = [&](const std::string& family, const std::string& name, int expected) {
    const std::string sample = family + "{outcome=\"" + name + "\"}";
    EXPECT_EQ(before.at(sample), 0) << sample;
    EXPECT_EQ(after.at(sample), expected) << sample;
  };
  int times = 0;
  for (const auto& [outcome, name] : commands) expect("kartei_commands_total", name, ++times);
  times = 0;
  for (const auto& [outcome, name] : transactions)
    expect("kartei_transactions_total", name, ++times);
  times = 0;
  for (const auto& [outcome, name] : forwards)
    expect("kartei_forwarded_requests_total", name, ++times);
}

TEST(Metrics, CountEventsByType) {
  Metrics metrics;
  for (std::size_t type = 0; type < patient::kEventTypeCount; ++type) {
    for (std::size_t i = 0; i <= type; ++i)
      metrics.published(patient::name(static_cast<patient::EventType>(type)));
  }
  metrics.published("Canary");
  metrics.published("other");
  const Exposition seen{metrics.text({})};
  for (std::size_t type = 0; type < patient::kEventTypeCount; ++type) {
    const std::string name{patient::name(static_cast<patient::EventType>(type))};
    EXPECT_EQ(seen.at("kartei_events_published_total{type=\"" + name + "\"}"), type + 1) << name;
  }
  EXPECT_EQ(seen.at(R"(kartei_events_published_total{type="other"})"), 2);
}

TEST(Metrics, HaveAHistogramOfAppends) {
  Metrics metrics;
  metrics.appended(microseconds{300});
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.at("kartei_append_duration_seconds_count"), 1);
  EXPECT_EQ(seen.at(R"(kartei_append_duration_seconds_bucket{le="0.00025"})"), 0);
  EXPECT_EQ(seen.at(R"(kartei_append_duration_seconds_bucket{le="0.0005"})"), 1);
}

TEST(Metrics, SayHowThingsStandInTheSnapshotOfTheMoment) {
  const Metrics metrics;
  const Exposition seen{metrics.text(everything())};
  EXPECT_EQ(seen.at("kartei_http_connections"), 3);
  EXPECT_EQ(seen.at("kartei_writer"), 1);
  EXPECT_EQ(seen.at("kartei_writer_turns_total"), 2);
  EXPECT_EQ(seen.types.at("kartei_writer_turns_total"), "counter");
  EXPECT_EQ(seen.at("kartei_commands_waiting"), 5);
  EXPECT_EQ(seen.at("kartei_expected_patients"), 8);
  EXPECT_EQ(seen.at(R"(kartei_projection_there{projection="directory"})"), 1);
  EXPECT_EQ(seen.at(R"(kartei_projection_lag_events{projection="directory"})"), 7);
  EXPECT_EQ(seen.at(R"(kartei_projection_lag_seconds{projection="directory"})"), 2.5);
  const auto of_partition = [&](const std::string& family, int partition) {
    return seen.at("kartei_projection_partition_" + family +
                   R"({projection="directory",partition=")" + std::to_string(partition) + "\"}");
  };
  EXPECT_EQ(of_partition("lag_events", 0), 3);
  EXPECT_EQ(of_partition("lag_events", 1), 4);
  EXPECT_EQ(of_partition("lag_seconds", 0), 0.5);
  EXPECT_EQ(of_partition("lag_seconds", 1), 2.5);
  EXPECT_EQ(seen.at(R"(kartei_projection_quarantined_patients{projection="directory"})"), 6);
}

TEST(Metrics, CountWhatArrivedByWhatCameOfIt) {
  const Metrics metrics;
  const Exposition seen{metrics.text(everything())};
  const auto expect = [&](const std::string& family, const char* outcome, int count) {
    EXPECT_EQ(seen.types.at(family), "counter");
    EXPECT_EQ(seen.at(family + "{outcome=\"" + outcome + "\"}"), count) << family << outcome;
  };
  expect("kartei_messages_consumed_total", "recorded", 11);
  expect("kartei_messages_consumed_total", "duplicate", 12);
  expect("kartei_messages_consumed_total", "ignored", 13);
  expect("kartei_messages_consumed_total", "dead_letter", 14);
  expect("kartei_import_files_total", "processed", 21);
  expect("kartei_import_files_total", "failed", 22);
  expect("kartei_import_registrations_total", "imported", 23);
  expect("kartei_import_registrations_total", "duplicate", 24);
}

TEST(Metrics, SayWhatBecameOfConfirmationMails) {
  const Metrics metrics;
  const Exposition seen{metrics.text(everything())};
  const auto mails = [&](const std::string& outcome) {
    return seen.at("kartei_confirmation_mails_total{outcome=\"" + outcome + "\"}");
  };
  EXPECT_EQ(mails("sent"), 31);
  EXPECT_EQ(mails("skipped"), 32);
  EXPECT_EQ(mails("refused"), 33);
  EXPECT_EQ(mails("retried"), 34);
  EXPECT_EQ(seen.at("kartei_confirmation_lag_events"), 35);
}

TEST(Metrics, SayNothingOfImportsWhereNoFolderIsLookedAt) {
  const Metrics metrics;
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.at(R"(kartei_messages_consumed_total{outcome="recorded"})"), 0);
  EXPECT_FALSE(seen.types.contains("kartei_import_files_total"));
  EXPECT_FALSE(seen.types.contains("kartei_import_registrations_total"));
}

TEST(Metrics, SayNothingOfWhatNobodyKnows) {
  const Metrics metrics;
  const Exposition seen{metrics.text(everything())};
  EXPECT_EQ(seen.at(R"(kartei_projection_there{projection="timeline"})"), 0);
  EXPECT_EQ(seen.at(R"(kartei_projection_lag_events{projection="timeline"})"), -1);
  EXPECT_EQ(seen.at(R"(kartei_projection_lag_seconds{projection="timeline"})"), -1);
  EXPECT_EQ(seen.at(R"(kartei_projection_quarantined_patients{projection="timeline"})"), -1);
  const Exposition nothing{metrics.text({})};
  EXPECT_FALSE(nothing.types.contains("kartei_projection_there"));
  EXPECT_EQ(nothing.at("kartei_writer"), 0);
}

TEST(Metrics, LoseNothingWhenManyThreadsCountAndOthersScrape) {
  Metrics metrics;
  constexpr std::size_t kThreads = 3;
  constexpr std::size_t kEach = 500;
  std::atomic<std::size_t> counting = kThreads;
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < kEach; ++i) {
        metrics.exchanged("GET", route(i % 10), 200, microseconds{i});
        metrics.commanded(CommandOutcome::done);
        metrics.published("created");
      }
      --counting;
    });
  }
  while (counting > 0) EXPECT_FALSE(metrics.text(everything()).empty());
  for (std::thread& thread : threads) thread.join();
  const Exposition seen{metrics.text({})};
  EXPECT_EQ(seen.at(R"(kartei_commands_total{outcome="done"})"), kThreads * kEach);
  EXPECT_EQ(seen.at(R"(kartei_events_published_total{type="created"})"), kThreads * kEach);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(seen.at(kRequests + "_count" + labels("GET", route(i), "200") + "}"),
              kThreads * kEach / 10);
  }
}

}  // namespace
