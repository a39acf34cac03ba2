#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace bench {

// One line of the table. Everything but the numbers behind them: how it is said is decided by who
// measured.
struct Figure {
  std::string what;
  std::string budget;    // what it may cost, on two cores
  std::string measured;  // the median of the runs
  std::string bare;      // the bare loop of the same run: what it is, and its figure
  std::string ratio;     // the two compared, as the budget compares them
  std::string cpu;       // processor time behind `measured`
};

struct Options {
  std::filesystem::path folder;        // a temporary folder is made in it
  std::string only;                    // part of a group's name; empty: all
  std::filesystem::path filled;        // a folder whose big log is used again; empty: a new one
  std::string kafka;                   // brokers to measure on, and nothing else then; empty: none
  std::filesystem::path streams_peer;  // where Maven built it; empty: it is not asked
  std::int64_t events = 1'000'000;
  std::int64_t patients = 100'000;
  int runs = 3;
};

using Report = std::function<void(Figure)>;

// What groups share: options, one folder for everything, the place to report to.
struct Bench {
  Options options;
  std::filesystem::path folder;
  Report report;
};

// "148 000": digits in groups of three.
[[nodiscard]] std::string grouped(double number);
// "1.25 ms", "15.0 µs", "2.1 s".
[[nodiscard]] std::string duration(double seconds);
// "0.85 ×".
[[nodiscard]] std::string times(double ratio);
[[nodiscard]] std::string per_second(double rate, const std::string& of);

[[nodiscard]] std::string markdown(const std::vector<Figure>& figures);

}  // namespace bench
