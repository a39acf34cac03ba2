#include "infra/codec/record_scan.h"

#include "infra/codec/wire_reader.h"
#include "proto/events.pb.h"

namespace infra::codec {

using kartei::events::v1::Record;

RecordParts scan_record(std::string_view bytes, Verdict& verdict) {
  RecordParts parts;
  WireReader reader{bytes, verdict};
  while (reader.next()) {
    switch (reader.field()) {
      case Record::kEventIdFieldNumber: parts.event_id = reader.bytes(); break;
      case Record::kPatientIdFieldNumber: parts.patient_id = reader.bytes(); break;
      case Record::kSequenceFieldNumber: parts.sequence = reader.number(); break;
      case Record::kTypeFieldNumber: parts.type = reader.small_number(); break;
      case Record::kSchemaVersionFieldNumber: parts.schema_version = reader.small_number(); break;
      case Record::kStateFieldNumber: parts.state = reader.bytes(); break;
      default: break;
    }
  }
  return parts;
}

std::string_view scan_event_id(std::string_view bytes, Verdict& verdict) {
  WireReader reader{bytes, verdict};
  while (reader.next()) {
    if (reader.field() == Record::kEventIdFieldNumber) return reader.bytes();
  }
  return {};
}

}  // namespace infra::codec
