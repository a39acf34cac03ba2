#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

#include "infra/codec/json.h"
#include "infra/codec/members.h"
#include "tests/metrics/exposition.h"

namespace {

using core::Raw;
using testing_metrics::Exposition;
using Words = std::set<std::string>;

const Raw::Object& dashboard() {
  static const Raw document = [] {
    std::ifstream file{SOURCE_ROOT "/tools/grafana-dashboard.json"};
    std::ostringstream bytes;
    bytes << file.rdbuf();
    auto read = infra::codec::read_json(bytes.str());
    EXPECT_TRUE(read) << "line " << read.error().line << ": " << read.error().message;
    return std::move(read).value();
  }();
  return *document.as<Raw::Object>();
}

void collect_texts(const Raw& raw, std::vector<std::string>& texts) {
  if (const auto* text = raw.as<std::string>()) texts.push_back(*text);
  if (const auto* array = raw.as<Raw::Array>()) {
    for (const Raw& element : *array) collect_texts(element, texts);
  }
  if (const auto* object = raw.as<Raw::Object>()) {
    for (const auto& [key, value] : *object) collect_texts(value, texts);
  }
}

// Every text of the document that names a metric: queries, and what variables are filled from.
std::vector<std::string> queries() {
  std::vector<std::string> texts;
  collect_texts(Raw{dashboard()}, texts);
  std::erase_if(texts, [](const auto& text) { return text.find("kartei_") == std::string::npos; });
  return texts;
}

// What the first group of `pattern` matches, wherever in the queries.
Words words_in_queries(const std::regex& pattern) {
  Words words;
  for (const std::string& query : queries()) {
    for (std::sregex_iterator at{query.begin(), query.end(), pattern}, end; at != end; ++at) {
      words.insert((*at)[1]);
    }
  }
  return words;
}

const Exposition& exposition() {
  static const Exposition seen = [] {
    infra::metrics::Metrics metrics;
    testing_metrics::count_everything(metrics);
    return Exposition{metrics.text(testing_metrics::everything())};
  }();
  return seen;
}

TEST(Dashboard, AsksForEveryMetricAndForNoOther) {
  Words sampled;
  for (const auto& [sample, value] : exposition().samples) {
    sampled.insert(sample.substr(0, sample.find('{')));
  }
  Words asked;
  for (const std::string& name : words_in_queries(std::regex{R"(\b(kartei_[a-z_]+))"})) {
    EXPECT_TRUE(sampled.contains(name)) << "there is no " << name;
    const std::size_t end = name.rfind('_');
    const auto family = exposition().types.find(name.substr(0, end));
    const bool of_histogram = family != exposition().types.end() && family->second == "histogram";
    asked.insert(of_histogram ? family->first : name);
  }
  Words there;
  for (const auto& [name, type] : exposition().types) there.insert(name);
  EXPECT_EQ(asked, there);
}

TEST(Dashboard, GroupsByLabelsThatExist) {
  Words labels{"instance"};  // the scraper's own
  for (const auto& [sample, value] : exposition().samples) {
    static const std::regex label{R"(([a-z]+)=")"};
    for (std::sregex_iterator at{sample.begin(), sample.end(), label}, end; at != end; ++at) {
      labels.insert((*at)[1]);
    }
  }
  Words used = words_in_queries(std::regex{R"([{,]\s*([a-z]+)\s*=~?)"});
  for (const std::string& list : words_in_queries(std::regex{R"(by \(([a-z, ]+)\))"})) {
    static const std::regex word{R"([a-z]+)"};
    for (std::sregex_iterator at{list.begin(), list.end(), word}, end; at != end; ++at) {
      used.insert(at->str());
    }
  }
  EXPECT_GE(used.size(), 5U);
  for (const std::string& label : used) EXPECT_TRUE(labels.contains(label)) << label;
}

TEST(Dashboard, HasPanelsThatEachAskSomethingAndStandBesideEachOther) {
  std::set<std::int64_t> ids;
  std::set<std::pair<std::int64_t, std::int64_t>> places;
  const auto number = [](const Raw::Object& object, const char* key) {
    const Raw* found = infra::codec::find(object, key);
    return found == nullptr ? -1 : *found->as<std::int64_t>();
  };
  for (const Raw& one : *infra::codec::find(dashboard(), "panels")->as<Raw::Array>()) {
    const auto& panel = *one.as<Raw::Object>();
    SCOPED_TRACE(*infra::codec::find(panel, "title")->as<std::string>());
    EXPECT_TRUE(ids.insert(number(panel, "id")).second);
    const auto& place = *infra::codec::find(panel, "gridPos")->as<Raw::Object>();
    EXPECT_LE(number(place, "x") + number(place, "w"), 24);
    EXPECT_TRUE(places.insert({number(place, "x"), number(place, "y")}).second);
    if (*infra::codec::find(panel, "type") == Raw{std::string{"row"}}) continue;
    EXPECT_FALSE(infra::codec::find(panel, "targets")->as<Raw::Array>()->empty());
    EXPECT_NE(infra::codec::find(panel, "description"), nullptr);
  }
  EXPECT_GT(ids.size(), 10U);
}

}  // namespace
