#include "infra/states/writer_states.h"

#include <algorithm>

#include "domain/core/broken.h"
#include "projections/states/states.h"
#include "projections/worker.h"

namespace infra::states {

using patient::PatientId;
using patient::State;

WriterStates::WriterStates(std::unique_ptr<read_models::SqliteStore> store,
                           ports::EventCodec& codec,
                           Limits limits)
    : codec_(codec),
      limits_(limits),
      projection_(projections::states_projection(codec)),
      store_(std::move(store)),
      reader_(store_->file(), sqlite::Open::read_only),
      select_state_(reader_, "SELECT snapshot FROM state WHERE patient_id = ?1"),
      select_command_(reader_, "SELECT patient_id FROM command WHERE number = ?1"),
      select_registration_(reader_, "SELECT patient_id FROM registration WHERE identity = ?1"),
      next_flush_(limits.unwritten) {
  store_->take_over();
  reload();
}

State WriterStates::find(const PatientId& id) {
  if (const State* known = in_memory(id)) return *known;
  auto state = on_disk(id);
  if (!state) return State{};
  keep(id, *state);
  return std::move(*state);
}

const State* WriterStates::in_memory(const PatientId& id) {
  const auto unwritten = unwritten_.find(id);
  if (unwritten != unwritten_.end()) return &unwritten->second;
  const auto kept = kept_.find(id);
  if (kept == kept_.end()) return nullptr;
  uses_.splice(uses_.begin(), uses_, kept->second.use);
  return &kept->second.state;
}

std::optional<State> WriterStates::on_disk(const PatientId& id) {
  std::optional<State> found;
  look();
  if (select_state_.bind(1, id.text()).step()) {
    auto state = codec_.decode_snapshot(select_state_.bytes(0));
    if (!state) {
      select_state_.reset();
      throw core::Broken(
          core::Breakage::corrupt,
          store_->file().string() + ": a state cannot be read; delete the file, it is rebuilt");
    }
    found = std::move(state).value();
  }
  select_state_.reset();
  return found;
}

void WriterStates::look() {
  if (looking_) return;
  reader_.execute("BEGIN");
  looking_ = true;
}

void WriterStates::look_away() {
  if (!looking_) return;
  looking_ = false;
  reader_.execute("COMMIT");
}

void WriterStates::keep(const PatientId& id, State state) {
  const auto known = kept_.find(id);
  if (known != kept_.end()) {
    known->second.state = std::move(state);
    uses_.splice(uses_.begin(), uses_, known->second.use);
    return;
  }
  uses_.push_front(id);
  kept_.emplace(id, Kept{std::move(state), uses_.begin()});
  if (kept_.size() <= limits_.cached) return;
  kept_.erase(uses_.back());
  uses_.pop_back();
}

std::optional<PatientId> WriterStates::by_command(const patient::CommandId& command) {
  const auto unwritten = unwritten_commands_.find(command.get());
  if (unwritten != unwritten_commands_.end()) return unwritten->second;
  std::vector<PatientId> candidates;
  look();
  select_command_.bind(1, projections::command_digest(command));
  while (select_command_.step()) {
    if (auto id = PatientId::parse(select_command_.bytes(0))) candidates.push_back(std::move(*id));
  }
  select_command_.reset();
  for (PatientId& id : candidates) {
    const State state = find(id);
    const bool remembers =
        std::any_of(state.commands.begin(), state.commands.end(), [&](const auto& remembered) {
          return remembered.id == command;
        });
    if (remembers) return std::move(id);
  }
  return std::nullopt;
}

std::optional<PatientId> WriterStates::by_registration(const std::string& key) {
  const auto unwritten = unwritten_registrations_.find(key);
  if (unwritten != unwritten_registrations_.end()) return unwritten->second;
  std::optional<PatientId> found;
  look();
  if (select_registration_.bind(1, std::string_view{key}).step())
    found = PatientId::parse(select_registration_.bytes(0));
  select_registration_.reset();
  if (!found) return std::nullopt;
  const State state = find(*found);  // An erasure may not be written yet.
  return state.registration && state.registration->key() == key ? found : std::nullopt;
}

std::int64_t WriterStates::highest_number() { return highest_number_; }

bool WriterStates::quarantined(const PatientId& id) { return quarantined_.contains(id); }

void WriterStates::advance(std::vector<Advance> advances) {
  for (Advance& advance : advances) {
    const State& state = advance.state;
    for (const auto& remembered : state.commands) {
      if (remembered.sequence == state.sequence)
        unwritten_commands_.insert_or_assign(remembered.id.get(), advance.id);
    }
    if (state.registration)
      unwritten_registrations_.insert_or_assign(state.registration->key(), advance.id);
    const bool expected = std::holds_alternative<patient::Expected>(state.standing);
    if (expected) {
      expected_.insert(advance.id);
    } else {
      expected_.erase(advance.id);
      highest_number_ = std::max(highest_number_, advance.id.number().value_or(0));
    }
    unwritten_checkpoints_[advance.partition] = {
        ports::Offset{advance.offset.get() + 1}, advance.offset, advance.event_id};
    const auto kept = kept_.find(advance.id);
    if (kept != kept_.end()) {
      uses_.erase(kept->second.use);
      kept_.erase(kept);
    }
    unwritten_.insert_or_assign(std::move(advance.id), std::move(advance.state));
  }
  if (unwritten_.size() <= next_flush_) return;
  try {
    flush();
  } catch (const core::Broken&) {
    next_flush_ = unwritten_.size() + limits_.unwritten;
  }
}

void WriterStates::flush() {
  if (unwritten_checkpoints_.empty()) return;
  look_away();
  projections::Change change;
  std::vector<const std::pair<const PatientId, State>*> sorted;
  sorted.reserve(unwritten_.size());
  for (const auto& entry : unwritten_) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->first < b->first;
  });
  for (const auto* entry : sorted) {
    change.steps.emplace_back(projections::replacement(projection_, entry->first, entry->second));
    if (quarantined_.contains(entry->first)) change.healed.push_back(entry->first);
  }
  change.checkpoints.assign(unwritten_checkpoints_.begin(), unwritten_checkpoints_.end());
  if (!store_->commit(change)) {
    throw core::Broken(core::Breakage::locked,
                       store_->file().string() + ": another process has taken the states over");
  }
  for (const PatientId& id : change.healed) quarantined_.erase(id);
  for (auto& [id, state] : unwritten_) keep(id, std::move(state));
  unwritten_.clear();
  unwritten_commands_.clear();
  unwritten_registrations_.clear();
  unwritten_checkpoints_.clear();
  next_flush_ = limits_.unwritten;
}

void WriterStates::catch_up(const ports::Log& log) {
  flush();
  look_away();
  const auto applied = projections::catch_up(log, codec_, projection_, *store_);
  if (applied.records > 0) {
    kept_.clear();
    uses_.clear();
  }
  reload();
}

void WriterStates::reload() {
  quarantined_.clear();
  for (auto& entry : store_->quarantined()) quarantined_.insert(std::move(entry.patient));
  highest_number_ = std::max<std::int64_t>(0, reader_.number("SELECT max(number) FROM state"));
  expected_.clear();
  sqlite::Statement select{reader_, "SELECT patient_id FROM state WHERE number = ?1"};
  select.bind(1, projections::kExpectedNumber);
  while (select.step()) {
    if (auto id = PatientId::parse(select.bytes(0))) expected_.insert(*std::move(id));
  }
}

}  // namespace infra::states
