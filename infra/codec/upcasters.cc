#include "infra/codec/upcasters.h"

#include <array>
#include <cstddef>

#include "domain/patient/events.h"

namespace infra::codec {
namespace {

// Version 1 is the first, so nothing leads to it.
constexpr std::array<Upcaster, 0> kUpcasters{};
static_assert(kUpcasters.size() + 1 == patient::kSchemaVersion);

}  // namespace

Upcasters all_upcasters() { return kUpcasters; }

std::optional<ports::Undecodable> refuse_version(std::int32_t version, Upcasters chain) {
  if (version < 1) return ports::Undecodable{"the schema version is none"};
  if (static_cast<std::size_t>(version) > chain.size() + 1)
    return ports::Undecodable{"the schema version is from the future"};
  return std::nullopt;
}

void upcast(kartei::events::v1::Record& record, Upcasters chain) {
  for (auto version = record.schema_version(); static_cast<std::size_t>(version) <= chain.size();) {
    chain[static_cast<std::size_t>(version) - 1](record);
    record.set_schema_version(++version);
  }
}

}  // namespace infra::codec
