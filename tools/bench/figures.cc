#include "tools/bench/figures.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace bench {
namespace {

std::string decimal(double number, int places) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", places, number);
  return text.data();
}

// Three digits that say something, no more.
std::string short_number(double number) {
  return decimal(number, number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2);
}

}  // namespace

std::string grouped(double number) {
  const std::string digits = decimal(std::round(number), 0);
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ' ';
    text += digits[at];
  }
  return text;
}

std::string duration(double seconds) {
  if (seconds < 1e-3) return short_number(seconds * 1e6) + " µs";
  if (seconds < 1) return short_number(seconds * 1e3) + " ms";
  return short_number(seconds) + " s";
}

std::string times(double ratio) { return short_number(ratio) + " ×"; }

std::string per_second(double rate, const std::string& of) {
  // Two digits less than were counted: the next run says others.
  const double step = rate >= 10'000 ? 1000 : rate >= 1000 ? 100 : 1;
  return grouped(std::round(rate / step) * step) + ' ' + of + "/s";
}

std::string markdown(const std::vector<Figure>& figures) {
  std::string text =
      "| what | budget | measured | bare loop of the same run | ratio | CPU time |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const Figure& figure : figures) {
    for (const std::string* cell : {&figure.what,
                                    &figure.budget,
                                    &figure.measured,
                                    &figure.bare,
                                    &figure.ratio,
                                    &figure.cpu}) {
      text += "| ";
      text += *cell;
      text += ' ';
    }
    text += "|\n";
  }
  return text;
}

}  // namespace bench
