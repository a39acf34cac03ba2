#include "infra/metrics/exchanges.h"

#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace infra::metrics {
namespace {

constexpr std::string_view kOther = "other";
constexpr std::array<std::string_view, 10> kMethods{
    "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", kOther};
constexpr int kStatusMin = 100;
constexpr int kStatusMax = 599;

// One patient by the log's own rules takes 0.1 ms, a durable change some ms, a search 150 ms.
const prometheus::Histogram::BucketBoundaries& seconds() {
  static const prometheus::Histogram::BucketBoundaries all{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  return all;
}

// What tells kinds of exchange apart; the route belongs to whoever asks.
struct Sought {
  std::size_t method;  // in kMethods
  std::string_view route;
  int status;  // 0: none of HTTP's
  friend bool operator==(const Sought&, const Sought&) = default;
};
struct Kind {
  std::size_t method;
  std::string route;
  int status;
  operator Sought() const noexcept { return {method, route, status}; }  // a view of this one
};
struct Hash {
  using is_transparent = void;
  std::size_t operator()(const Sought& sought) const noexcept {
    constexpr std::size_t kStatuses = 600;
    const std::size_t numbers = sought.method * kStatuses + static_cast<std::size_t>(sought.status);
    return std::hash<std::string_view>{}(sought.route) ^ (numbers * 0x9E3779B97F4A7C15ULL);
  }
};
struct Equal {
  using is_transparent = void;
  bool operator()(const Sought& one, const Sought& other) const noexcept { return one == other; }
};

}  // namespace

struct Exchanges::Parts {
  prometheus::Family<prometheus::Histogram>& family;
  const std::size_t kinds_max;
  std::shared_mutex mutex;  // for the next one
  std::unordered_map<Kind, prometheus::Histogram*, Hash, Equal> known = {};

  prometheus::Histogram& add(const Sought& sought) {
    const std::lock_guard lock{mutex};
    if (const auto found = known.find(sought); found != known.end()) return *found->second;
    if (known.size() >= kinds_max) return made(kOther, kOther, kOther);
    const std::string status =
        sought.status == 0 ? std::string{kOther} : std::to_string(sought.status);
    auto& histogram = made(kMethods.at(sought.method), sought.route, status);
    known.emplace(Kind{sought.method, std::string{sought.route}, sought.status}, &histogram);
    return histogram;
  }

  prometheus::Histogram& made(std::string_view method,
                              std::string_view route,
                              std::string_view status) {
    return family.Add({{"method", std::string{method}},
                       {"route", std::string{route}},
                       {"status", std::string{status}}},
                      seconds());
  }
};

Exchanges::Exchanges(prometheus::Registry& registry, std::size_t kinds_max)
    : parts_(new Parts{prometheus::BuildHistogram()
                           .Name("kartei_http_request_duration_seconds")
                           .Help("From a request's first byte to the end of its answer.")
                           .Register(registry),
                       kinds_max,
                       {}}) {}
Exchanges::~Exchanges() = default;

void Exchanges::observe(std::string_view method,
                        std::string_view route,
                        int status,
                        std::chrono::nanoseconds duration) {
  const auto known_method = std::find(kMethods.begin(), kMethods.end() - 1, method);
  const Sought sought{static_cast<std::size_t>(known_method - kMethods.begin()),
                      route.empty() ? std::string_view{"none"} : route,
                      status >= kStatusMin && status <= kStatusMax ? status : 0};
  prometheus::Histogram* histogram = nullptr;
  {
    const std::shared_lock lock{parts_->mutex};
    if (const auto found = parts_->known.find(sought); found != parts_->known.end()) {
      histogram = found->second;
    }
  }
  if (histogram == nullptr) histogram = &parts_->add(sought);
  histogram->Observe(std::chrono::duration<double>{duration}.count());
}

}  // namespace infra::metrics
