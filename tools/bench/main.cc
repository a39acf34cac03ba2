#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>

#include "domain/core/broken.h"
#include "tools/bench/groups.h"
#include "tools/bench/machine.h"
#include "tools/bench/measuring.h"

namespace bench {
namespace {

constexpr const char* kUsage =
    "kartei_bench [--folder DIR] [--only GROUP] [--events N] [--patients N] [--runs N]\n"
    "             [--filled DIR: the big log is made there once, left there, and used again]\n"
    "             [--kafka BROKERS: what is measured there, and nothing else]\n"
    "             [--streams-peer DIR: where Maven built what kafka-rebuild is compared with]\n"
    "groups: kafka-commands, kafka-rebuild; without --kafka: commands, visibility, import, "
    "one-shot, "
    "state-rebuild, history-rebuild, queries,\n"
    "service-start, service-reads, service-writes, service-rebuild, service-connections\n";

// Gone with everything in it when the program ends.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent) {
    std::filesystem::create_directories(parent);
    std::string name = (parent / "bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw core::Broken(core::Breakage::io, parent.string() + ": cannot make a folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code none;
    std::filesystem::remove_all(path_, none);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::optional<Options> parse(const std::vector<std::string>& words) {
  Options options;
  options.folder = std::filesystem::temp_directory_path();
  if (words.size() % 2 != 0) return std::nullopt;
  for (std::size_t at = 0; at < words.size(); at += 2) {
    const std::string& value = words[at + 1];
    const long long number = std::atoll(value.c_str());
    if (words[at] == "--folder") {
      options.folder = value;
    } else if (words[at] == "--only") {
      options.only = value;
    } else if (words[at] == "--kafka") {
      options.kafka = value;
    } else if (words[at] == "--streams-peer") {
      options.streams_peer = value;
    } else if (words[at] == "--filled") {
      options.filled = value;
    } else if (words[at] == "--events" && number > 0) {
      options.events = number;
    } else if (words[at] == "--patients" && number > 0) {
      options.patients = number;
    } else if (words[at] == "--runs" && number > 0) {
      options.runs = static_cast<int>(number);
    } else {
      return std::nullopt;
    }
  }
  return options;
}

class Session {
 public:
  Session(const Bench& bench) : bench_(bench) {}

  // The big log is made when the first group asks for it.
  OwnLog& filled() {
    if (own_) return *own_;
    const bool keep = !bench_.options.filled.empty();
    const auto folder = keep ? bench_.options.filled : bench_.folder / "filled";
    const bool there = infra::log_embedded::EmbeddedLog::exists(folder);
    // All states stay in memory and are rarely written: the log is the program's, the time is ours.
    const auto patients = static_cast<std::size_t>(bench_.options.patients);
    own_ = std::make_unique<OwnLog>(folder, OwnLog::Limits{patients, patients});
    if (there) {
      own_->close_writer();
      return *own_;
    }
    std::cerr << "filling a log with " << bench_.options.events << " events …\n";
    const Stopwatch watch;
    fill(own_->writer(), own_->clock, bench_.options.events, bench_.options.patients);
    own_->close_writer();
    std::cerr << "  " << duration(watch.wall()) << " (CPU " << duration(watch.cpu()) << "), "
              << grouped(static_cast<double>(own_->log().size_bytes()) / 1e6) << " MB\n";
    return *own_;
  }

  // The same for whoever opens it himself.
  std::filesystem::path filled_folder() {
    std::filesystem::path folder = filled().folder();
    own_.reset();
    return folder;
  }

  void run() {
    if (!bench_.options.kafka.empty()) {
      group("kafka-commands", [&] { measure_kafka_commands(bench_); });
      return group("kafka-rebuild", [&] { measure_kafka_rebuild(bench_); });
    }
    group("commands", [&] { measure_commands(bench_); });
    group("visibility", [&] { measure_visibility(bench_); });
    group("import", [&] { measure_import(bench_); });
    group("one-shot", [&] { measure_one_shot(bench_); });
    group("history-rebuild", [&] { measure_history_rebuild(bench_, filled()); });
    group("state-rebuild", [&] { measure_state_rebuild(bench_, filled()); });
    group("queries", [&] {
      if (!std::filesystem::exists(bench_.folder / "read")) measure_state_rebuild(bench_, filled());
      measure_queries(bench_, filled());
    });
    group("service-start", [&] { measure_service_start(bench_, filled_folder()); });
    group("service-reads", [&] { measure_service_reads(bench_, filled_folder()); });
    group("service-writes", [&] { measure_service_writes(bench_); });
    group("service-rebuild", [&] { measure_service_rebuild(bench_, filled_folder()); });
    group("service-connections", [&] { measure_service_connections(bench_, filled_folder()); });
  }

 private:
  void group(const std::string& name, const std::function<void()>& measure) {
    if (name.find(bench_.options.only) == std::string::npos) return;
    std::cerr << name << " …\n";
    measure();
  }

  const Bench& bench_;
  std::unique_ptr<OwnLog> own_;
};

int run(const std::vector<std::string>& words) {
  const auto options = parse(words);
  if (!options) {
    std::cerr << kUsage;
    return 2;
  }
  try {
    const TemporaryFolder folder{options->folder};
    std::vector<Figure> figures;
    const Bench bench{*options, folder.path(), [&](Figure figure) {
                        std::cerr << "  " << figure.what << ": " << figure.measured << " | "
                                  << figure.bare << " | " << figure.ratio << " | CPU " << figure.cpu
                                  << '\n';
                        figures.push_back(std::move(figure));
                      }};
    Session{bench}.run();
    std::cout << "Measured on " << machine(folder.path()) << ".\n\n" << markdown(figures);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "kartei_bench: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace
}  // namespace bench

int main(int count, char** words) { return bench::run({words + 1, words + count}); }
