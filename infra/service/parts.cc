#include "infra/service/parts.h"

#include <algorithm>
#include <thread>

#include "domain/core/broken.h"
#include "infra/service/remote_writer.h"

namespace infra::service {
namespace {

constexpr std::chrono::milliseconds kLookAgain{20};

}  // namespace

const DataDirectory& Kartei::Parts::directory() {
  if (shared != nullptr) return shared->directory;
  if (!directory_) directory_ = std::make_unique<DataDirectory>(surroundings.data);
  return *directory_;
}

LogHome& Kartei::Parts::home() {
  if (shared != nullptr) return shared->home;
  if (!home_) home_ = open_log_home(surroundings, directory());
  return *home_;
}

LiveModels& Kartei::Parts::models() {
  if (!models_) {
    models_ = std::make_unique<LiveModels>(
        directory(), log(), codec, surroundings, shared == nullptr ? nullptr : &shared->board);
  }
  return *models_;
}

std::vector<handling::Answer> Kartei::Parts::handle(
    std::span<const handling::Submission> submissions) {
  if (shared == nullptr) return writer().handle(submissions);
  if (submissions.empty()) return {};
  if (surroundings.remote_writer != nullptr) {
    const std::string address = shared->writer_elsewhere();
    if (!address.empty()) {
      return surroundings.remote_writer->handle(
          address, home().log().identity().incarnation, submissions);
    }
  }
  auto answers = shared->commands.submit({submissions.begin(), submissions.end()});
  if (!answers) {
    throw core::Broken(core::Breakage::locked,
                       "too many commands are waiting; nothing was appended, try again");
  }
  return answers->get();
}

void Kartei::Parts::demand_writer() {
  if (shared == nullptr) static_cast<void>(writer());
}

void Kartei::Parts::demand_no_host() const {
  if (shared == nullptr) return;
  throw core::Broken(core::Breakage::locked,
                     "this needs the log for itself; stop the service first, nothing was changed");
}

std::unique_lock<std::mutex> Kartei::Parts::alone_with_generations() {
  if (shared == nullptr) return {};
  std::unique_lock lock{shared->generations, std::try_to_lock};
  while (!lock.owns_lock()) {
    surroundings.progress({"waiting for another rebuild or check", 0, 0});
    std::this_thread::sleep_for(kLookAgain);
    static_cast<void>(lock.try_lock());
  }
  return lock;
}

void Kartei::Parts::generation_changed(const std::string& name) {
  if (shared != nullptr) shared->reopen(name);
}

handling::Writer& Kartei::Parts::writer() {
  if (writer_) return *writer_;
  demand_no_host();
  directory().demand_held();
  const auto other = surroundings.take_over ? std::nullopt : home().present_writer();
  if (other) {
    throw core::Broken(core::Breakage::locked,
                       *other +
                           " has its turn to write; nothing was appended. Stop it, or give "
                           "--take-over, which fences it");
  }
  return writer_in_turn();
}

handling::Writer& Kartei::Parts::writer_in_turn() {
  if (writer_) return *writer_;
  directory().demand_held();
  states_ = std::make_unique<states::WriterStates>(load_states().store, codec);
  std::vector<ports::OutboundContract> outbound;
  for (const Outbound contract : surroundings.outbound) outbound.push_back(contract_of(contract));
  writer_ = std::make_unique<handling::Writer>(
      handling::Writer::Ports{
          log(), *states_, codec, surroundings.clock, surroundings.ids, std::move(outbound)},
      surroundings.address);
  return *writer_;
}

Incoming* Kartei::Parts::incoming() {
  if (incoming_ || !surroundings.kafka) return incoming_.get();  // No log is made to say none.
  auto mail = home().mail(surroundings);
  if (!mail) return nullptr;
  incoming_ = std::make_unique<Incoming>(
      std::move(mail->inbox), std::move(mail->dead_letters), surroundings.clock, surroundings.ids);
  return incoming_.get();
}

std::unique_ptr<states::Standby> Kartei::Parts::standby() {
  return std::make_unique<states::Standby>(load_states(), log(), codec);
}

states::Loaded Kartei::Parts::load_states() {
  auto loaded = states::load_or_rebuild(
      directory().path(), log(), codec, [this](const projections::RebuildProgress& progress) {
        surroundings.progress({"rebuild states", progress.done, progress.total});
      });
  if (loaded.rebuilt_because) {
    surroundings.notice("the writer's states were made again from the log (" +
                        *loaded.rebuilt_because + ")");
  }
  return loaded;
}

Outcome<std::vector<const projections::Projection*>> Kartei::Parts::choose(
    const std::vector<std::string>& names) {
  std::vector<const projections::Projection*> chosen;
  if (names.empty()) {
    for (const projections::Projection& projection : models().projections())
      chosen.push_back(&projection);
  }
  for (const std::string& name : names) {
    const projections::Projection* projection = models().find(name);
    if (projection == nullptr) {
      return core::Failure{Problem{
          ProblemCode::usage, "there is no such read model; known: " + models().known_names()}};
    }
    if (std::find(chosen.begin(), chosen.end(), projection) == chosen.end())
      chosen.push_back(projection);
  }
  return chosen;
}

Rebuilding Kartei::Parts::rebuilding() { return {log(), codec, models().catalog(), surroundings}; }

void Kartei::Parts::close_writer() noexcept {
  try {
    if (states_) states_->flush();
  } catch (const core::Broken& broken) {
    surroundings.notice(broken.what());
  }
  writer_.reset();
  states_.reset();
}

}  // namespace infra::service
