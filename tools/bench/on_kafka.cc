#include "tools/bench/on_kafka.h"

#include "infra/read_models/sqlite_store.h"
#include "projections/states/states.h"

namespace bench {

using infra::log_kafka::KafkaLog;
using infra::log_kafka::Settings;

Settings new_log(const std::string& brokers) {
  infra::runtime::Ids ids;
  Settings settings;
  settings.brokers = brokers;
  settings.topic_prefix = "bench-" + ids.random().text();
  KafkaLog::create(settings, ports::kPartitionsDefault, ports::Incarnation{ids.random()});
  return settings;
}

OnKafka::OnKafka(const std::filesystem::path& folder,
                 const Settings& settings,
                 OwnLog::Limits limits)
    : log_(KafkaLog::open(settings)) {
  std::filesystem::create_directories(folder);
  const projections::OnProgress silent = [](const projections::RebuildProgress&) {};
  infra::states::open_or_rebuild(folder, *log_, codec_, silent).states.reset();
  auto store = infra::read_models::SqliteStore::open(folder / "states.db",
                                                     projections::states_projection(codec_));
  states_ = std::make_unique<infra::states::WriterStates>(std::move(store), codec_, limits);
  writer_ = std::make_unique<handling::Writer>(
      handling::Writer::Ports{*log_, *states_, codec_, clock, ids_}, "");
}

void OnKafka::close_writer() {
  writer_.reset();
  states_.reset();
}

}  // namespace bench
