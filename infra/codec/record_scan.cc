#include "infra/codec/record_scan.h"

#include <google/protobuf/io/coded_stream.h>

#include <limits>

#include "proto/events.pb.h"

namespace infra::codec {
namespace {

using kartei::events::v1::Record;

enum class WireType : std::uint32_t { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

struct Field {
  int number;
  WireType type;
  std::uint64_t varint = 0;  // only of a varint
  std::string_view bytes;    // only of a delimited one
};

class Scanner {
 public:
  // `bytes` has at most INT_MAX bytes.
  explicit Scanner(std::string_view bytes)
      : bytes_(bytes),
        input_(reinterpret_cast<const std::uint8_t*>(bytes.data()),
               static_cast<int>(bytes.size())) {}

  [[nodiscard]] bool at_end() const { return position() == bytes_.size(); }

  std::optional<Field> next() {
    const std::uint32_t tag = input_.ReadTag();
    Field field{static_cast<int>(tag >> 3), static_cast<WireType>(tag & 7), 0, {}};
    if (field.number == 0) return std::nullopt;
    switch (field.type) {
      case WireType::varint: return input_.ReadVarint64(&field.varint) ? read(field) : std::nullopt;
      case WireType::fixed64: return input_.Skip(8) ? read(field) : std::nullopt;
      case WireType::delimited: return read_delimited(field);
      case WireType::fixed32: return input_.Skip(4) ? read(field) : std::nullopt;
    }
    return std::nullopt;
  }

 private:
  static std::optional<Field> read(const Field& field) { return field; }

  std::optional<Field> read_delimited(Field field) {
    std::uint32_t length = 0;
    if (!input_.ReadVarint32(&length) || length > bytes_.size() - position()) return std::nullopt;
    field.bytes = bytes_.substr(position(), length);
    if (!input_.Skip(static_cast<int>(length))) return std::nullopt;
    return field;
  }

  [[nodiscard]] std::size_t position() const {
    return static_cast<std::size_t>(input_.CurrentPosition());
  }

  std::string_view bytes_;
  google::protobuf::io::CodedInputStream input_;
};

bool fits_the_parser(std::string_view bytes) {
  return bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max());
}

// False when the field has another wire type than the schema says.
bool take(const Field& field, RecordParts& parts) {
  const bool delimited = field.type == WireType::delimited;
  const bool varint = field.type == WireType::varint;
  switch (field.number) {
    case Record::kEventIdFieldNumber: parts.event_id = field.bytes; return delimited;
    case Record::kPatientIdFieldNumber: parts.patient_id = field.bytes; return delimited;
    case Record::kSequenceFieldNumber:
      parts.sequence = static_cast<std::int64_t>(field.varint);
      return varint;
    case Record::kTypeFieldNumber: parts.type = static_cast<int>(field.varint); return varint;
    case Record::kSchemaVersionFieldNumber:
      parts.schema_version = static_cast<std::int32_t>(field.varint);
      return varint;
    case Record::kStateFieldNumber: parts.state = field.bytes; return delimited;
    default: return true;
  }
}

}  // namespace

std::optional<RecordParts> scan_record(std::string_view bytes) {
  if (!fits_the_parser(bytes)) return std::nullopt;
  Scanner scanner{bytes};
  RecordParts parts;
  while (!scanner.at_end()) {
    const auto field = scanner.next();
    if (!field || !take(*field, parts)) return std::nullopt;
  }
  return parts;
}

std::optional<std::string_view> scan_event_id(std::string_view bytes) {
  if (!fits_the_parser(bytes)) return std::nullopt;
  Scanner scanner{bytes};
  while (!scanner.at_end()) {
    const auto field = scanner.next();
    if (!field) return std::nullopt;
    if (field->number != Record::kEventIdFieldNumber) continue;
    if (field->type != WireType::delimited) return std::nullopt;
    return field->bytes;
  }
  return std::nullopt;
}

}  // namespace infra::codec
