#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "tests/tidy/source_tree.h"

namespace {

using tidy::Complaints;
using tidy::File;

// Which rooms each room may include from, besides itself. A room that is not here may not be.
// "domain" stands for everything below it. This table is the architecture.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"domain/core", {}},
    {"domain/patient", {"domain/core"}},
    {"domain/ports", {"domain/core", "domain/patient"}},
    {"domain/handling", {"domain/core", "domain/patient", "domain/ports"}},
    {"projections", {"domain"}},
    {"infra/access", {"domain", "infra/codec", "infra/http"}},
    {"infra/metrics", {"domain"}},
    {"infra/sqlite", {"domain/core"}},
    {"infra/log_memory", {"domain"}},
    {"infra/log_embedded", {"domain", "infra/sqlite"}},
    {"infra/log_kafka", {"domain"}},
    {"infra/codec", {"domain", "proto"}},
    {"infra/control", {"domain"}},
    {"infra/http", {"domain"}},
    {"infra/runtime", {"domain"}},
    {"infra/read_models", {"domain", "projections", "infra/sqlite"}},
    {"infra/states", {"domain", "projections", "infra/sqlite", "infra/read_models"}},
    {"infra/queries", {"domain", "projections", "infra/sqlite", "infra/codec"}},
    {"infra/ingest", {"domain", "infra/codec"}},
    {"infra/outgoing", {"domain"}},
    {"infra/gcs", {"domain", "infra/codec", "infra/ingest", "infra/outgoing"}},
    {"infra/reactors", {"domain", "infra/codec", "infra/outgoing"}},
    {"infra/service",
     {"domain",
      "projections",
      "infra/codec",
      "infra/ingest",
      "infra/log_embedded",
      "infra/log_kafka",
      "infra/queries",
      "infra/read_models",
      "infra/sqlite",
      "infra/states"}},
    {"infra/rest",
     {"domain",
      "infra/access",
      "infra/codec",
      "infra/http",
      "infra/ingest",
      "infra/metrics",
      "infra/reactors",
      "infra/service"}},
    {"tools",
     {"domain",
      "infra/access",
      "infra/codec",
      "infra/control",
      "infra/gcs",
      "infra/http",
      "infra/ingest",
      "infra/metrics",
      "infra/outgoing",
      "infra/reactors",
      "infra/rest",
      "infra/runtime",
      "infra/service"}},
    {"tools/bench", {"domain", "projections", "infra"}},
    {"tests", {"domain", "projections", "infra", "proto", "tools"}},
};

// Every library has its homes, and is not named anywhere else; tests see everything.
struct Home {
  std::string begins;  // of what stands between the brackets
  std::set<std::string> rooms;
};
const std::vector<Home> kHomes = {
    {"sqlite3", {"infra/sqlite"}},
    {"boost/json", {"infra/codec"}},
    {"boost/uuid", {"infra/runtime"}},
    {"boost/asio", {"infra/control", "infra/http", "tools/bench"}},  // there as the bare server
    {"boost/beast", {"infra/http", "tools/bench"}},
    {"boost/", {"infra/codec", "infra/control", "infra/http", "infra/runtime"}},
    {"google/", {"infra/codec"}},
    {"cereal/", {"infra/codec"}},
    {"openssl/", {"infra/codec", "infra/gcs", "infra/http"}},
    {"xxhash", {"infra/codec", "infra/log_embedded"}},
    {"spdlog/", {"infra/runtime"}},
    {"fmt/", {"infra/runtime"}},
    {"CLI/", {"tools/kartei"}},
    {"prometheus/", {"infra/metrics"}},
    {"librdkafka/", {"infra/log_kafka", "tools/bench"}},  // there as the bare loop
    {"curl/", {"infra/outgoing"}},
    {"gtest/", {}},
};

bool is_in(const std::string& folder, const std::string& room) {
  return folder == room || folder.starts_with(room + '/');
}

// The innermost room of the table that the folder is in; none when it is in no room.
std::optional<std::string> room_of(const std::string& folder) {
  std::optional<std::string> innermost;
  for (const auto& [room, others] : kMayInclude) {
    if (is_in(folder, room)) innermost = room;  // In order: what is inside comes later.
  }
  return innermost;
}

// What `line` includes: with the quote or bracket in front, none when it includes nothing.
std::optional<std::string> included(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(' ');
  if (hash == std::string::npos || line[hash] != '#') return std::nullopt;
  const std::size_t word = line.find_first_not_of(' ', hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return std::nullopt;
  const std::size_t begin = line.find_first_of("\"<", word + 7);
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = line.find_first_of("\">", begin + 1);
  return line.substr(begin, end - begin);
}

std::optional<std::string> check_ours(const std::string& room, const std::string& path) {
  if (path.ends_with(".pb.h")) {
    if (room == "infra/codec" || room == "tests") return std::nullopt;
    return "generated protobuf headers live in infra/codec: " + path;
  }
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return "name the folder: " + path;
  const std::string folder = path.substr(0, slash);
  const std::set<std::string>& others = kMayInclude.at(room);
  const auto allows = [&](const std::string& other) { return is_in(folder, other); };
  if (is_in(folder, room) || std::any_of(others.begin(), others.end(), allows)) return std::nullopt;
  return room + " may not include from " + folder;
}

std::optional<std::string> check_theirs(const std::string& folder, const std::string& path) {
  if (is_in(folder, "tests")) return std::nullopt;
  for (const Home& home : kHomes) {
    if (!path.starts_with(home.begins)) continue;
    for (const std::string& one : home.rooms) {
      if (is_in(folder, one)) return std::nullopt;
    }
    return path + " has no home in " + folder;
  }
  return std::nullopt;
}

Complaints layering_complaints(const File& file) {
  const auto room = room_of(file.folder());
  if (!room) return {file.path + ": its folder is no room of tests/tidy/layering_test.cc"};
  Complaints complaints;
  for (std::size_t at = 0; at < file.lines.size(); ++at) {
    const auto what = included(file.lines[at]);
    if (!what) continue;
    const std::string path = what->substr(1);
    const bool ours = what->front() == '"' || path.ends_with(".pb.h");
    const auto wrong = ours ? check_ours(*room, path) : check_theirs(file.folder(), path);
    if (wrong) complaints.push_back(tidy::complaint(file, at, *wrong));
  }
  return complaints;
}

TEST(Layering, IncludesPointInwardAndLibrariesStayHome) {
  std::size_t seen = 0;
  for (const File& file : tidy::all_files()) {
    if (!file.is_cpp()) continue;
    ++seen;
    const Complaints complaints = layering_complaints(file);
    EXPECT_TRUE(complaints.empty()) << tidy::text(complaints);
  }
  EXPECT_GT(seen, 50U);
}

TEST(Layering, RefusesEachKindOfViolation) {
  const std::vector<File> wrong = {
      {"domain/core/a.h", {"#include \"domain/patient/state.h\""}},
      {"domain/patient/a.cc", {"#include \"domain/ports/clock.h\""}},
      {"domain/patient/a.cc", {"#include \"infra/codec/json.h\""}},
      {"projections/x/a.cc", {"#include \"infra/sqlite/statement.h\""}},
      {"projections/x/a.cc", {"# include <sqlite3.h>"}},
      {"infra/log_embedded/a.cc", {"#include <sqlite3.h>"}},
      {"infra/runtime/a.cc", {"#include <boost/json.hpp>"}},
      {"infra/codec/a.cc", {"#include <boost/uuid/uuid.hpp>"}},
      {"infra/runtime/a.cc", {"#include <boost/asio/signal_set.hpp>"}},
      {"infra/service/a.cc", {"#include <boost/beast/http.hpp>"}},
      {"infra/http/a.cc", {"#include \"infra/codec/json.h\""}},
      {"infra/access/a.cc", {"#include \"infra/service/host.h\""}},
      {"infra/service/a.cc", {"#include <prometheus/counter.h>"}},
      {"infra/service/a.cc", {"#include \"proto/events.pb.h\""}},
      {"infra/service/a.cc", {"#include <events.pb.h>"}},
      {"infra/service/a.cc", {"#include <CLI/CLI.hpp>"}},
      {"infra/gcs/a.cc", {"#include <curl/curl.h>"}},
      {"infra/sqlite/a.cc", {"#include \"tests/support/a.h\""}},
      {"infra/states/a.cc", {"#include <google/protobuf/message.h>"}},
      {"infra/states/a.cc", {"#include \"states.h\""}},
      {"tools/kartei/a.cc", {"#include \"infra/sqlite/statement.h\""}},
      {"tools/bench/a.cc", {"#include \"tests/support/a.h\""}},
      {"tools/kartei/a.cc", {"#include <gtest/gtest.h>"}},
      {"tools/kartei/a.cc", {"#include <boost/asio.hpp>"}},
      {"infra/newroom/a.cc", {"#include <vector>"}},
  };
  for (const File& file : wrong) {
    SCOPED_TRACE(file.path + " " + file.lines.front());
    EXPECT_EQ(layering_complaints(file).size(), 1U);
  }
}

TEST(Layering, LetsThroughWhatTheTableAllows) {
  const std::vector<File> fine = {
      {"domain/handling/a.cc", {"#include <map>", "#include \"domain/ports/log.h\""}},
      {"infra/sqlite/a.cc", {"#include <sqlite3.h>", "#include \"domain/core/broken.h\""}},
      {"infra/http/a.cc", {"#include <boost/asio/ssl.hpp>", "#include <openssl/ssl.h>"}},
      {"infra/codec/a.cc", {"#include <boost/json.hpp>", "#include \"proto/events.pb.h\""}},
      {"infra/service/a.cc", {"#include \"infra/log_embedded/log.h\""}},
      {"tools/kartei/a.cc", {"#include <CLI/CLI.hpp>", "// #include nothing"}},
      {"tools/bench/a.cc", {"#include \"infra/sqlite/statement.h\""}},
      {"tests/tools/a.cc", {"#include <gtest/gtest.h>", "#include \"tools/kartei/run.h\""}},
  };
  for (const File& file : fine) EXPECT_EQ(tidy::text(layering_complaints(file)), "");
}

}  // namespace
