#include "tools/bench/filled_log.h"

#include <algorithm>
#include <stdexcept>

#include "projections/states/states.h"

namespace bench {
namespace {

constexpr std::size_t kBatch = 5000;

// Submits in batches of one transaction each.
class Batches {
 public:
  explicit Batches(handling::Writer& writer) : writer_(writer) {}

  void add(handling::Submission submission) {
    waiting_.push_back(std::move(submission));
    if (waiting_.size() == kBatch) flush();
  }
  void flush() {
    if (waiting_.empty()) return;
    for (const handling::Answer& answer : writer_.handle(waiting_)) {
      expect_done(answer);
      events_ += static_cast<std::int64_t>(std::get<handling::Done>(answer).events.size());
    }
    waiting_.clear();
  }
  // In the log; what waits is not yet there.
  [[nodiscard]] std::int64_t events() const { return events_; }
  [[nodiscard]] std::int64_t waiting() const { return static_cast<std::int64_t>(waiting_.size()); }

 private:
  handling::Writer& writer_;
  std::vector<handling::Submission> waiting_;
  std::int64_t events_ = 0;
};

}  // namespace

void expect_done(const handling::Answer& answer) {
  if (const auto* refusal = std::get_if<patient::Refusal>(&answer))
    throw std::runtime_error("an invented command was refused: " + refusal->message);
  if (!std::holds_alternative<handling::Done>(answer))
    throw std::runtime_error("an invented command has no known outcome");
}

OwnLog::OwnLog(const std::filesystem::path& folder, Limits limits) : folder_(folder) {
  using infra::log_embedded::EmbeddedLog;
  std::filesystem::create_directories(folder_);
  log_ = EmbeddedLog::exists(folder_)
             ? EmbeddedLog::open(folder_, clock, infra::log_embedded::Access::read_write)
             : EmbeddedLog::create(
                   folder_, ports::kPartitionsDefault, ports::Incarnation{ids_.random()}, clock);
  const projections::OnProgress silent = [](const projections::RebuildProgress&) {};
  infra::states::open_or_rebuild(folder_, *log_, codec_, silent).states.reset();
  auto store = infra::read_models::SqliteStore::open(folder_ / "states.db",
                                                     projections::states_projection(codec_));
  states_ = std::make_unique<infra::states::WriterStates>(std::move(store), codec_, limits);
  writer_ = std::make_unique<handling::Writer>(
      handling::Writer::Ports{*log_, *states_, codec_, clock, ids_}, "");
}

void OwnLog::close_writer() {
  if (states_) states_->flush();
  writer_.reset();
  states_.reset();
}

void OwnLog::create(Invented& invented, std::int64_t first, std::int64_t last) {
  Batches batches{writer()};
  for (std::int64_t number = first; number <= last; ++number)
    batches.add(invented.creation(number));
  batches.flush();
}

std::int64_t OwnLog::record_bytes() const {
  std::int64_t bytes = 0;
  const ports::Sink sink = [&](const ports::Record& record) {
    if (ports::is_reserved(record.key)) return;
    bytes += static_cast<std::int64_t>(record.key.size() +
                                       record.value.value_or(std::string_view{}).size());
  };
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    const auto reader = log_->open_reader(topic, ports::from_the_beginning(*log_));
    while (reader->poll(10'000, sink) > 0) {
    }
  }
  return bytes;
}

void fill(handling::Writer& writer,
          StridingClock& clock,
          std::int64_t events,
          std::int64_t patients) {
  Invented invented{1};
  Batches batches{writer};
  const std::int64_t each = std::max<std::int64_t>(1, events / patients);
  std::int64_t created = 0;
  std::int64_t serial = 0;
  while (batches.events() + batches.waiting() < events) {
    if (serial++ % each == 0 && created < patients) {
      batches.add(invented.creation(++created));
    } else {
      const auto patient =
          static_cast<std::int64_t>(1 + invented.below(static_cast<std::uint64_t>(created)));
      batches.add(invented.happening(patient, serial, clock.now()));
    }
  }
  batches.flush();
}

}  // namespace bench
