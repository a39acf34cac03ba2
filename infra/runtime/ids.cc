#include "infra/runtime/ids.h"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <mutex>
#include <string>

namespace infra::runtime {
namespace {

// Frozen, like the text of the name: another name space would give every event another id.
constexpr const char* kNameSpace = "75dbdf62-c387-431c-9948-a373a3e4080a";

core::Uuid ours(const boost::uuids::uuid& theirs) {
  core::Uuid uuid;
  std::copy(theirs.begin(), theirs.end(), uuid.bytes.begin());
  return uuid;
}

}  // namespace

struct Ids::Generators {
  std::mutex mutex;  // for `random`
  boost::uuids::random_generator random;
  const boost::uuids::name_generator_sha1 named{boost::uuids::string_generator{}(kNameSpace)};
};

Ids::Ids() : generators_(std::make_unique<Generators>()) {}
Ids::~Ids() = default;

core::Uuid Ids::random() {
  const std::lock_guard lock{generators_->mutex};
  return ours(generators_->random());
}

patient::EventId Ids::event_id(const patient::CommandId& command,
                               const patient::PatientId& patient,
                               patient::Sequence sequence) {
  const std::string name =
      command.get().text() + '/' + patient.text() + '/' + std::to_string(sequence.get());
  return patient::EventId{ours(generators_->named(name))};
}

}  // namespace infra::runtime
