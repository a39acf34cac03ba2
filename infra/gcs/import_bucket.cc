#include "infra/gcs/import_bucket.h"

#include "domain/core/broken.h"

namespace infra::gcs {
namespace {

using ingest::Arrival;
using ingest::Shelf;

constexpr std::string_view kProcessed = "processed/";
constexpr std::string_view kFailed = "failed/";

std::string_view prefix_of(Shelf shelf) {
  switch (shelf) {
    case Shelf::arrived: return "";
    case Shelf::processed: return kProcessed;
    case Shelf::failed: return kFailed;
  }
  return "";
}

Object object_of(std::string_view prefix, const Arrival& arrival) {
  return {std::string{prefix} + arrival.name, arrival.bytes, arrival.modified, arrival.version, ""};
}

bool is_copy(const Object& one, const Object& of) {
  return !one.md5.empty() && one.md5 == of.md5 && one.bytes == of.bytes;
}

}  // namespace

void ImportBucket::list(Shelf shelf, const Sink& sink) {
  const std::string_view prefix = prefix_of(shelf);
  bucket_.list(prefix, [&](const Object& object) {
    if (!object.name.starts_with(prefix)) return;
    std::string name = object.name.substr(prefix.size());
    if (!ingest::is_document_name(name)) return;
    sink({std::move(name), object.bytes, object.created, object.generation});
  });
}

std::optional<std::string> ImportBucket::read(const Arrival& arrival) {
  return bucket_.read(object_of("", arrival));
}

bool ImportBucket::accept(const Arrival& arrival) {
  return put_away(arrival, kProcessed, std::nullopt);
}

bool ImportBucket::reject(const Arrival& arrival, std::string_view reason) {
  return put_away(arrival, kFailed, reason);
}

void ImportBucket::remove_processed(const Arrival& processed) {
  static_cast<void>(bucket_.remove(object_of(kProcessed, processed)));
}

std::optional<Object> ImportBucket::copy_or_take_back(const Object& source,
                                                      std::string_view name,
                                                      const std::optional<Object>& beside) {
  try {
    return bucket_.copy(source, name);
  } catch (const core::Broken&) {
    try {
      if (beside) static_cast<void>(bucket_.remove(*beside));
    } catch (const core::Broken&) {  // What went wrong first is what is told.
    }
    throw;
  }
}

// Looking first finds what an earlier try has left; whether somebody else comes in between, the
// generations in every step say.
bool ImportBucket::put_away(const Arrival& arrival,
                            std::string_view shelf,
                            std::optional<std::string_view> reason) {
  for (int attempt = 1; attempt <= ingest::kShelvedNamesMax; ++attempt) {
    const auto source = bucket_.find(arrival.name);
    if (!source || source->generation != arrival.version) return false;
    const std::string name = std::string{shelf} + ingest::shelved_name(arrival.name, attempt);
    const auto there = bucket_.find(name);
    const bool reason_there = reason && bucket_.find(ingest::reason_name(name));
    if (there && is_copy(*there, *source)) {
      if (reason && !reason_there) {
        static_cast<void>(bucket_.create(ingest::reason_name(name), *reason));
      }
      return bucket_.remove(*source);
    }
    if (there || reason_there) continue;
    std::optional<Object> beside;
    if (reason) {
      beside = bucket_.create(ingest::reason_name(name), *reason);
      if (!beside) continue;
    }
    const auto copy = copy_or_take_back(*source, name, beside);
    // A copy stays: who finds the source gone cannot tell whether somebody else has moved it.
    if (copy) return bucket_.remove(*source);
    if (beside) static_cast<void>(bucket_.remove(*beside));
  }
  throw core::Broken(core::Breakage::io,
                     "a file in the import bucket cannot be moved, too many have its name");
}

}  // namespace infra::gcs
