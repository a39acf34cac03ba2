#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "domain/handling/writer.h"
#include "infra/codec/event_codec.h"
#include "infra/service/background.h"
#include "infra/service/data_directory.h"
#include "infra/service/incoming.h"
#include "infra/service/kartei.h"
#include "infra/service/live_models.h"
#include "infra/service/log_home.h"
#include "infra/service/rebuilding.h"
#include "infra/service/shared.h"
#include "infra/states/standby.h"

namespace infra::service {

// What Kartei is made of. Each part is made when it is first asked for; later ones use earlier
// ones.
struct Kartei::Parts {
  explicit Parts(Surroundings given, const Shared* given_shared = nullptr)
      : surroundings(std::move(given)), shared(given_shared) {}
  ~Parts() { close_writer(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  [[nodiscard]] const DataDirectory& directory();
  [[nodiscard]] LogHome& home();
  [[nodiscard]] ports::Log& log() { return home().log(); }
  [[nodiscard]] LiveModels& models();
  // By the writer: ours, the host's, or that of the process that writes for the host. Throws what
  // those throw, and core::Broken (locked) when the host has too much to do already.
  [[nodiscard]] std::vector<handling::Answer> handle(
      std::span<const handling::Submission> submissions);
  // Throws as handle() would, before there is anything to hand over.
  void demand_writer();
  // For what needs the log for itself: throws core::Broken (locked) in a guest.
  void demand_no_host() const;
  // For what makes or changes generations of read models: a host's guests take turns. Throws what
  // `surroundings.progress` does while it waits.
  [[nodiscard]] std::unique_lock<std::mutex> alone_with_generations();
  // Another generation of a read model is live: whoever keeps it for us opens that one.
  void generation_changed(const std::string& name);
  // Only who holds the directory, and while nobody is there to write on Kafka unless the
  // surroundings say to take over: throws core::Broken (locked) otherwise.
  [[nodiscard]] handling::Writer& writer();
  // The same for whoever has its turn: asks nobody.
  [[nodiscard]] handling::Writer& writer_in_turn();
  // Whether a newer writer was seen to own the log: ours is to be closed then.
  [[nodiscard]] bool is_fenced() const { return writer_ && writer_->fenced(); }
  // As WriterStates has it; only with a writer.
  [[nodiscard]] std::size_t expected_patients() const { return states_->expected_patients(); }
  // The writer's states, kept up with the log while somebody else writes. Not beside a writer.
  [[nodiscard]] std::unique_ptr<states::Standby> standby();
  // What other services send; none: only on Kafka they do.
  [[nodiscard]] Incoming* incoming();
  // The projections that `names` mean; all of them when it is empty. A problem names what is known.
  [[nodiscard]] Outcome<std::vector<const projections::Projection*>> choose(
      const std::vector<std::string>& names);
  [[nodiscard]] Rebuilding rebuilding();
  // Work that takes long and can wait: beside those whom the host answers it gives way, by itself
  // it takes all it can get.
  template <class Work>
  auto aside(const Work& work) {
    return shared == nullptr ? work() : in_background(work);
  }

  // Writes the states that are not on disk yet. Only a cache: what fails here comes back by replay.
  void close_writer() noexcept;

  Surroundings surroundings;
  const Shared* shared;  // of the host whose guest this is; none: it has everything to itself
  codec::ProtobufEventCodec codec;

 private:
  [[nodiscard]] states::Loaded load_states();

  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<LogHome> home_;
  std::unique_ptr<LiveModels> models_;
  std::unique_ptr<states::WriterStates> states_;
  std::unique_ptr<handling::Writer> writer_;
  std::unique_ptr<Incoming> incoming_;
};

}  // namespace infra::service
