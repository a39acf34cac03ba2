#include "infra/ingest/arrivals.h"

namespace infra::ingest {
namespace {

constexpr std::string_view kDocument = ".json";
constexpr std::string_view kReason = ".reason.json";
constexpr std::size_t kNameBytesMax = 255;  // of a file, on every file system that matters

// The first bytes of `text`, at most so many, without a piece of a character at the end.
std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

std::string shelved_name(std::string_view name, int attempt) {
  std::string_view stem = name;
  if (stem.ends_with(kDocument)) stem.remove_suffix(kDocument.size());
  std::string end;
  if (attempt > 1) end.append(1, '.').append(std::to_string(attempt));
  end.append(kDocument);
  const std::size_t room = kNameBytesMax - kReason.size() - end.size();
  return std::string{beginning(stem, room)} + end;
}

std::string reason_name(std::string_view shelved) {
  return std::string{shelved} + std::string{kReason};
}

bool is_document_name(std::string_view name) {
  return name.size() > kDocument.size() && name.ends_with(kDocument) && name.front() != '.';
}

}  // namespace infra::ingest
