#include "tests/ingest/monitor_world.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "domain/core/expects.h"

namespace tests {

namespace fs = std::filesystem;
using infra::ingest::ImportMonitor;
using infra::ingest::Shelf;

std::string sample(const std::string& path) {
  std::ifstream in{fs::path{SOURCE_ROOT} / "tests/data" / path, std::ios::binary};
  core::expects(in.good(), "the sample is there");
  std::ostringstream bytes;
  if (in.peek() != std::istream::traits_type::eof()) bytes << in.rdbuf();
  return bytes.str();
}

std::vector<std::string> samples_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator{fs::path{SOURCE_ROOT} / "tests/data" / folder}) {
    paths.push_back(folder + '/' + entry.path().filename().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

MonitorWorld::MonitorWorld(std::chrono::days retention) : retention_(retention) {
  handle = [this](auto submissions) { return world.writer->handle(submissions); };
  make_monitor();
}

void MonitorWorld::make_monitor() {
  monitor = std::make_unique<ImportMonitor>(
      ImportMonitor::Given{*looked_at_,
                           world.clock,
                           world.ids,
                           [this](auto submissions) { return handle(submissions); },
                           retention_,
                           [this](std::string_view line) { notices.emplace_back(line); }});
}

void MonitorWorld::put_sample(const std::string& path) {
  arrivals.put(fs::path{path}.filename().string(), sample(path));
}

ImportMonitor::Round MonitorWorld::two_rounds() {
  monitor->round();
  return monitor->round();
}

void MonitorWorld::restart() {
  world.restart();
  make_monitor();
}

void MonitorWorld::look_at(infra::ingest::Arrivals& other) {
  looked_at_ = &other;
  make_monitor();
}

std::vector<std::string> MonitorWorld::names(Shelf shelf) {
  std::vector<std::string> all;
  for (const auto& [name, file] : arrivals.on(shelf)) all.push_back(name);
  return all;
}

}  // namespace tests
