#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "domain/handling/writer.h"
#include "infra/codec/event_codec.h"
#include "infra/log_embedded/embedded_log.h"
#include "infra/runtime/ids.h"
#include "infra/states/writer_states.h"
#include "tools/bench/invented.h"

namespace bench {

// A log in a folder of its own, new unless there is one, with the writer that the program has.
class OwnLog {
 public:
  using Limits = infra::states::WriterStates::Limits;
  explicit OwnLog(const std::filesystem::path& folder, Limits limits = {});
  // The writer goes, with the states it keeps in memory.
  void close_writer();

  [[nodiscard]] handling::Writer& writer() { return *writer_; }
  [[nodiscard]] infra::log_embedded::EmbeddedLog& log() { return *log_; }
  [[nodiscard]] ports::EventCodec& codec() { return codec_; }
  [[nodiscard]] infra::runtime::Ids& ids() { return ids_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  // Creates patients `first` … `last` and throws when one is refused.
  void create(Invented& invented, std::int64_t first, std::int64_t last);
  // Bytes of keys and values in both topics: what a bare loop has to write instead.
  [[nodiscard]] std::int64_t record_bytes() const;

  StridingClock clock;

 private:
  std::filesystem::path folder_;
  infra::runtime::Ids ids_;
  infra::codec::ProtobufEventCodec codec_;
  std::unique_ptr<infra::log_embedded::EmbeddedLog> log_;
  std::unique_ptr<infra::states::WriterStates> states_;
  std::unique_ptr<handling::Writer> writer_;
};

// Throws when the answer is no Done.
void expect_done(const handling::Answer& answer);

// Fills a log through its writer: `patients` patients, created over the whole time, and about
// `events` events, each happening to any patient there is then.
void fill(handling::Writer& writer,
          StridingClock& clock,
          std::int64_t events,
          std::int64_t patients);

}  // namespace bench
