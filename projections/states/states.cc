#include "projections/states/states.h"

#include <algorithm>

#include "projections/cells.h"
#include "projections/listing.h"

namespace projections {
namespace {

enum : std::size_t { kState, kRegistration };

// The number that a new patient must be above; expected patients do not count, and are found by it.
std::int64_t created_number(const patient::PatientId& id, const patient::State& state) {
  if (std::holds_alternative<patient::Expected>(state.standing)) return kExpectedNumber;
  const bool created = std::holds_alternative<patient::OnFile>(state.standing) ||
                       std::holds_alternative<patient::Gone>(state.standing);
  return created ? id.number().value_or(0) : 0;
}

}  // namespace

std::int64_t command_digest(const patient::CommandId& command) {
  std::uint64_t halves[2] = {0, 0};
  for (std::size_t at = 0; at < 16; ++at) {
    halves[at / 8] = halves[at / 8] << 8 | command.get().bytes[at];
  }
  return static_cast<std::int64_t>(halves[0] ^ (halves[1] * 0x9E3779B97F4A7C15ULL));
}

Projection states_projection(ports::EventCodec& codec) {
  const Table state{"state",
                    {{"patient_id", ColumnType::text},
                     {"sequence", ColumnType::integer},
                     {"number", ColumnType::integer},
                     {"commands", ColumnType::blob},
                     {"snapshot", ColumnType::blob}},
                    1,
                    false,
                    {{"number"}},
                    Table::Listing{"command", "commands"}};
  const Table registration{"registration",
                           {{"patient_id", ColumnType::text}, {"identity", ColumnType::text}},
                           1,
                           false,
                           {{"identity"}}};
  const auto rows_of = [&codec](
                           const patient::PatientId& id, const patient::State& known, Rows& rows) {
    std::vector<std::int64_t> digests;
    digests.reserve(known.commands.size());
    for (const auto& remembered : known.commands) digests.push_back(command_digest(remembered.id));
    std::sort(digests.begin(), digests.end());
    digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
    rows.push_back({kState,
                    {cell(id.text()),
                     cell(known.sequence),
                     cell(created_number(id, known)),
                     pack(digests),
                     codec.encode_snapshot(known)}});
    if (known.registration) {
      rows.push_back({kRegistration, {cell(id.text()), cell(known.registration->key())}});
    }
  };
  return {"states", 3, {state, registration}, StateRows{rows_of}};
}

}  // namespace projections
