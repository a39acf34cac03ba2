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

core::Result<std::monostate, ports::Undecodable> upcast(kartei::events::v1::Record& record,
                                                        Upcasters chain) {
  const auto newest = static_cast<std::int32_t>(chain.size()) + 1;
  if (record.schema_version() < 1)
    return core::Failure{ports::Undecodable{"the schema version is none"}};
  if (record.schema_version() > newest)
    return core::Failure{ports::Undecodable{"the schema version is from the future"}};
  while (record.schema_version() < newest) {
    chain[static_cast<std::size_t>(record.schema_version()) - 1](record);
    record.set_schema_version(record.schema_version() + 1);
  }
  return std::monostate{};
}

}  // namespace infra::codec
