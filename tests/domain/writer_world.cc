#include "tests/domain/writer_world.h"

#include <algorithm>
#include <utility>

#include "domain/core/broken.h"
#include "domain/core/expects.h"
#include "domain/core/match.h"
#include "infra/codec/digest.h"
#include "tests/domain/given.h"

namespace tests {

using patient::PatientId;
using patient::State;

namespace {

constexpr std::int32_t kPartitions = 3;

template <class Use>
void read(const ports::Log& log,
          ports::Topic topic,
          const std::vector<ports::Start>& from,
          Use use) {
  const auto reader = log.open_reader(topic, from);
  const auto sink = [&](const ports::Record& record) {
    if (!ports::is_reserved(record.key)) use(record);
  };
  while (reader->poll(100, sink) > 0) {
  }
}

}  // namespace

core::Uuid CountingIds::random() {
  core::Uuid uuid;
  uuid.bytes.back() = ++last_;
  core::expects(last_ != 0, "a test asks for fewer than 256 ids");
  return uuid;
}

patient::EventId CountingIds::event_id(const patient::CommandId& command,
                                       const PatientId& patient,
                                       patient::Sequence sequence) {
  const auto digest = infra::codec::sha256_hex(command.get().text() + '/' + patient.text() + '/' +
                                               std::to_string(sequence.get()));
  core::Uuid uuid;
  for (std::size_t at = 0; at < uuid.bytes.size(); ++at) {
    uuid.bytes[at] = static_cast<std::uint8_t>(std::stoi(digest.substr(2 * at, 2), nullptr, 16));
  }
  return patient::EventId{uuid};
}

State MapStates::find(const PatientId& id) {
  const auto known = states_.find(id);
  return known == states_.end() ? State{} : known->second;
}

std::optional<PatientId> MapStates::by_command(const patient::CommandId& command) {
  for (const auto& [id, state] : states_) {
    for (const auto& remembered : state.commands) {
      if (remembered.id == command) return id;
    }
  }
  return std::nullopt;
}

std::optional<PatientId> MapStates::by_registration(const std::string& key) {
  for (const auto& [id, state] : states_) {
    if (state.registration && state.registration->key() == key) return id;
  }
  return std::nullopt;
}

std::int64_t MapStates::highest_number() {
  std::int64_t highest = 0;
  for (const auto& [id, state] : states_) {
    if (std::holds_alternative<patient::Expected>(state.standing)) continue;
    highest = std::max(highest, id.number().value_or(0));
  }
  return highest;
}

void MapStates::quarantine(const PatientId& id) {
  states_.erase(id);
  quarantined_.insert(id);
}

bool MapStates::quarantined(const PatientId& id) { return quarantined_.contains(id); }

void MapStates::advance(std::vector<Advance> advances) {
  for (Advance& advance : advances) {
    next_.insert_or_assign(advance.partition, ports::Offset{advance.offset.get() + 1});
    quarantined_.erase(advance.id);
    states_.insert_or_assign(advance.id, std::move(advance.state));
  }
}

void MapStates::catch_up(const ports::Log& log) {
  if (to_break_ > 0) {
    --to_break_;
    throw core::Broken(core::Breakage::io, "the map cannot be read");
  }
  auto from = ports::from_the_beginning(log);
  for (ports::Start& start : from) {
    const auto known = next_.find(start.partition);
    if (known != next_.end()) start.offset = known->second;
  }
  read(log, ports::Topic::patient_events, from, [&](const ports::Record& record) {
    auto decoded = codec_.decode_event(*record.value);
    core::expects(decoded.has_value(), "the log's records can be read");
    auto value = std::move(decoded).value();
    next_.insert_or_assign(record.partition, ports::Offset{record.offset.get() + 1});
    states_.insert_or_assign(value.patient_id, std::move(value.state));
  });
}

World::World()
    : clock(kNow),
      disk(std::make_shared<infra::log_memory::Disk>()),
      log(disk, {ports::Incarnation{core::Uuid{}}, kPartitions}, clock) {
  restart();
}

void World::restart(std::vector<ports::OutboundContract> outbound) {
  states = std::make_unique<MapStates>(codec);
  writer = std::make_unique<handling::Writer>(
      handling::Writer::Ports{log, *states, codec, clock, ids, std::move(outbound)}, "");
}

handling::Submission World::submission(const patient::Command& command,
                                       std::optional<PatientId> patient) {
  const auto digest = infra::codec::command_digest(patient, command);
  return {patient::CommandId{ids.random()},
          digest,
          std::move(patient),
          command,
          handling::ExpectAny{},
          "clerk",
          patient::CorrelationId{core::Uuid{}}};
}

handling::Answer World::handle(const handling::Submission& submission) {
  return writer->handle({&submission, 1}).front();
}

handling::Answer World::ask(const patient::Command& command, std::optional<PatientId> patient) {
  return handle(submission(command, std::move(patient)));
}

void World::plan(infra::log_memory::Fault fault, std::int64_t later) {
  disk->append_faults[disk->appends + 1 + later] = fault;
}

std::vector<patient::Recorded> World::history() const {
  std::vector<patient::Recorded> all;
  read(log,
       ports::Topic::patient_history,
       ports::from_the_beginning(log),
       [&](const ports::Record& record) {
         auto decoded = codec.decode_history(*record.value);
         core::expects(decoded.has_value(), "the history can be read");
         all.push_back(std::move(decoded).value());
       });
  return all;
}

std::map<PatientId, State> World::last_states() const {
  std::map<PatientId, State> last;
  read(log,
       ports::Topic::patient_events,
       ports::from_the_beginning(log),
       [&](const ports::Record& record) {
         auto decoded = codec.decode_event(*record.value);
         core::expects(decoded.has_value(), "the events can be read");
         auto value = std::move(decoded).value();
         last.insert_or_assign(value.patient_id, std::move(value.state));
       });
  return last;
}

std::size_t World::records(ports::Topic topic) const {
  std::size_t count = 0;
  read(log, topic, ports::from_the_beginning(log), [&](const ports::Record&) { ++count; });
  return count;
}

std::string said(const handling::Answer& answer) {
  return core::match(
      answer,
      [](const handling::Done& one) {
        std::string events;
        for (const patient::EventType type : one.events) {
          events += (events.empty() ? "" : ", ") + std::string{name(type)};
        }
        return (one.deduplicated ? "again: " : "") + (events.empty() ? "nothing" : events);
      },
      [](const patient::Refusal& refusal) { return std::string{name(refusal.code)}; },
      [](const handling::OutcomeUnknown&) { return std::string{"outcome_unknown"}; });
}

const handling::Done& done(const handling::Answer& answer) {
  core::expects(std::holds_alternative<handling::Done>(answer), "the command was done");
  return std::get<handling::Done>(answer);
}

patient::Create registration(const std::string& token, const std::string& digest) {
  patient::Create create = tests::create();
  const auto given = token.empty() ? std::nullopt : std::optional{token};
  create.registration = patient::Registration{{given, digest}, std::nullopt, std::nullopt};
  return create;
}

}  // namespace tests
