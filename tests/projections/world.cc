#include "tests/projections/world.h"

#include "domain/core/expects.h"
#include "domain/handling/partitioner.h"
#include "domain/patient/decider.h"
#include "projections/decoding.h"

namespace testing_projections {
namespace {

using namespace std::chrono_literals;
using patient::Key;
using patient::PatientId;
using patient::Value;

constexpr std::int32_t kPartitions = 3;
constexpr std::string_view kGarbage = "\xFF\xFF\xFFnobody can read this";

std::string text(std::uint64_t number) { return "Text " + std::to_string(number % 7); }

}  // namespace

World::World(std::uint64_t seed, int patients)
    : log(std::make_shared<infra::log_memory::Disk>(),
          {ports::Incarnation{core::Uuid{{1, 2, 3}}}, kPartitions},
          clock_),
      random(seed),
      patients_(patients) {
  writer_ = log.open_writer("");
}

core::Uuid World::next_uuid() {
  core::Uuid uuid;
  ++uuids_;
  for (std::size_t at = 0; at < 8; ++at)
    uuid.bytes[15 - at] = static_cast<std::uint8_t>(uuids_ >> (8 * at));
  return uuid;
}

PatientId World::random_patient() {
  const auto number = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(patients_));
  if (number % 4 == 3) return *PatientId::parse("p-" + std::to_string(number));
  return PatientId::numbered(number + 1);
}

ports::Partition World::partition_of(const PatientId& id) const {
  return handling::partition_of(id.text(), kPartitions);
}

patient::Command World::random_command() {
  const std::uint64_t dice = random();
  const patient::TherapistId therapist{static_cast<std::int64_t>(dice % 5) + 1};
  switch (random() % 12) {
    case 0:
    case 1:
    case 2: {
      patient::Create create{{{Key::anrede, std::string{"Frau"}},
                              {Key::geschlecht, std::string{"weiblich"}},
                              {Key::vorname, text(dice)},
                              {Key::nachname, "Ölçer " + text(dice / 7)}},
                             std::nullopt,
                             {},
                             std::nullopt};
      if (dice % 3 == 0) create.excluded = {therapist};
      if (dice % 2 == 0) {
        std::string digest(64, '0');
        digest.replace(0, 4, std::to_string(1000 + dice % 9000));
        create.registration = patient::Registration{{std::nullopt, digest}, "{}", std::nullopt};
      }
      return create;
    }
    case 3:
    case 4:
      return patient::Update{
          {{Key::ort, text(dice)}, {Key::zahlung_eingegangen, Value{dice % 2 == 0}}},
          std::nullopt,
          std::nullopt};
    case 5:
      return patient::ChangeStatus{static_cast<patient::Status>(dice % patient::kStatusCount)};
    case 6: return patient::ExcludeTherapist{therapist, text(dice)};
    case 7: return patient::IncludeTherapist{therapist};
    case 8:
    case 9:
    case 10: {
      const std::string source = "call-" + std::to_string(dice % 20);
      const patient::Contact contact{clock_.at - std::chrono::hours{dice % 900},
                                     static_cast<patient::Channel>(dice % 3),
                                     static_cast<patient::Direction>(dice % 3),
                                     therapist,
                                     {source, patient::Digest{dice % 400}}};
      return patient::RecordContact{contact, patient::Reporter::ingest};
    }
    default: return dice % 6 == 0 ? patient::Command{patient::Delete{}} : patient::Restate{};
  }
}

void World::act(bool damage) {
  const PatientId id = random_patient();
  clock_.at += 7s + std::chrono::microseconds{random() % 1000};
  const std::uint64_t dice = random() % 100;
  if (damage && dice < 5) return append_unreadable(id);
  if (damage && dice == 5) return append_to_wrong_partition();
  if (damage && dice == 6) return append_unknown_key();
  if (dice == 7 && states_[id].sequence.get() > 0) return erase(id);
  command(id, random_command());
}

void World::command(const PatientId& id, const patient::Command& command) {
  const auto decision = patient::decide(command, states_[id], clock_.at);
  if (decision) append(id, decision.value());
}

void World::restate(const PatientId& id) { append(id, {{patient::Restated{}, {}}}); }

void World::erase(const PatientId& id) {
  Known& known = known_[id];
  std::vector<ports::NewRecord> tombstones;
  for (const auto& [sequence, entry] : known.history) {
    tombstones.push_back({ports::Topic::patient_history,
                          partition_of(id),
                          id.text() + '/' + std::to_string(sequence),
                          std::nullopt});
  }
  if (random() % 2 == 0) append(std::move(tombstones));  // A reader may have missed them.
  append(id, {{patient::Erased{}, {}}});
  auto last = std::prev(known.history.end());
  known.history.erase(known.history.begin(), last);
}

void World::append(const PatientId& id, std::vector<patient::Happening> happenings) {
  if (happenings.empty()) return;
  const patient::CommandId command{next_uuid()};
  Known& known = known_[id];
  patient::State& state = states_[id];
  std::vector<ports::NewRecord> records;
  for (patient::Happening& happening : happenings) {
    const patient::Envelope envelope{patient::EventId{next_uuid()},
                                     id,
                                     following(state.sequence),
                                     clock_.at,
                                     clock_.at,
                                     "test",
                                     command,
                                     patient::Digest{7},
                                     patient::CorrelationId{next_uuid()},
                                     std::nullopt};
    patient::Recorded recorded{envelope, std::move(happening.event), std::move(happening.changes)};
    state = patient::evolve(std::move(state), recorded);
    std::string bytes = codec.encode_history(recorded);
    const ports::Partition partition = partition_of(id);
    records.push_back(
        {ports::Topic::patient_events, partition, id.text(), codec.encode_event(recorded, state)});
    records.push_back({ports::Topic::patient_history,
                       partition,
                       id.text() + '/' + std::to_string(state.sequence.get()),
                       bytes});
    known.history[state.sequence.get()] = {std::move(recorded), std::move(bytes)};
  }
  const auto offsets = append(std::move(records));
  known.any_record = true;
  known.last_unreadable = false;
  known.offset = offsets[offsets.size() - 2];
  known.history_offset = offsets.back();
}

void World::append_unreadable(const PatientId& id) {
  patient::State& state = states_[id];
  state.sequence = following(state.sequence);
  Known& known = known_[id];
  const auto offsets =
      append({{ports::Topic::patient_events, partition_of(id), id.text(), std::string{kGarbage}},
              {ports::Topic::patient_history,
               partition_of(id),
               id.text() + '/' + std::to_string(state.sequence.get()),
               std::string{kGarbage}}});
  known.history[state.sequence.get()] = {std::nullopt, {}};
  known.any_record = true;
  known.last_unreadable = true;
  known.offset = offsets[0];
  known.history_offset = offsets[1];
}

void World::append_to_wrong_partition() {
  const PatientId id = random_patient();
  const ports::Partition wrong{(partition_of(id).get() + 1) % kPartitions};
  append({{ports::Topic::patient_events, wrong, id.text(), std::string{kGarbage}},
          {ports::Topic::patient_history, wrong, id.text() + "/1", std::string{kGarbage}}});
}

void World::append_unknown_key() {
  append({{ports::Topic::patient_events, ports::Partition{0}, "no patient!", std::string{kGarbage}},
          {ports::Topic::patient_history, ports::Partition{0}, "1/x", std::string{kGarbage}}});
}

std::vector<ports::Offset> World::append(std::vector<ports::NewRecord> records) {
  if (records.empty()) return {};
  auto appended = writer_->append(records);
  const auto* committed = std::get_if<ports::Committed>(&appended);
  core::expects(committed != nullptr, "the log in memory takes every record");
  return committed->offsets;
}

Snapshot World::expected(const projections::Projection& projection) const {
  MemoryStore plain{MemoryStore::make(projection, log.identity())};
  plain.take_over();
  Change change;
  for (const auto& [id, known] : known_) {
    if (!known.any_record) continue;
    if (known.last_unreadable) {
      change.quarantined.push_back({id,
                                    partition_of(id),
                                    projection.of_state() ? known.offset : known.history_offset,
                                    "unreadable",
                                    {},
                                    projections::kCodeVersion});
      continue;
    }
    projections::Rows rows;
    if (const auto* of_state = std::get_if<projections::StateRows>(&projection.rows)) {
      (*of_state)(id, states_.at(id), rows);
    } else {
      const auto& of_event = std::get<projections::HistoryRows>(projection.rows);
      for (const auto& [sequence, entry] : known.history) {
        if (entry.recorded) of_event(*entry.recorded, entry.bytes, rows);
      }
    }
    change.steps.emplace_back(Change::Add{std::move(rows)});
  }
  static_cast<void>(plain.commit(change));
  return snapshot(projection, plain);
}

}  // namespace testing_projections
