#include "infra/codec/dead_letter.h"

#include <limits>
#include <utility>

#include "infra/codec/json.h"
#include "infra/codec/members.h"

namespace infra::codec {
namespace {

using core::Raw;

constexpr std::int64_t kFormat = 1;

Raw raw_of(const std::optional<std::int64_t>& number) {
  return number ? Raw{*number} : Raw{Raw::Null{}};
}

std::optional<std::int64_t> number_at(const Raw::Object& object, std::string_view name) {
  const Raw* found = find_given(object, name);
  const auto* number = found != nullptr ? found->as<std::int64_t>() : nullptr;
  return number != nullptr ? std::optional{*number} : std::nullopt;
}

std::optional<std::string> text_at(const Raw::Object& object, std::string_view name) {
  const Raw* found = find_given(object, name);
  const auto* text = found != nullptr ? found->as<std::string>() : nullptr;
  return text != nullptr ? std::optional{*text} : std::nullopt;
}

std::optional<core::Timestamp> time_at(const Raw::Object& object, std::string_view name) {
  const auto text = text_at(object, name);
  return text ? core::parse_timestamp(*text) : std::nullopt;
}

std::optional<Decision> decision_at(const Raw::Object& object) {
  const auto text = text_at(object, "decision");
  for (const Decision decision : {Decision::released, Decision::evicted, Decision::requested}) {
    if (text && *text == name(decision)) return decision;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Decision decision) {
  switch (decision) {
    case Decision::released: return "released";
    case Decision::evicted: return "evicted";
    case Decision::requested: break;
  }
  return "requested";
}

std::string key_of(const DeadLetter& letter) {
  return letter.topic + '/' + std::to_string(letter.partition) + '/' +
         std::to_string(letter.offset);
}

std::string encode(const DeadLetter& letter) {
  const Raw none{Raw::Null{}};
  return write_json(Raw{Raw::Object{
      {"format", Raw{kFormat}},
      {"number", raw_of(letter.number)},
      {"topic", Raw{letter.topic}},
      {"partition", Raw{std::int64_t{letter.partition}}},
      {"offset", Raw{letter.offset}},
      {"sent_at", Raw{core::format(letter.sent_at)}},
      {"code", Raw{letter.code}},
      {"message", Raw{letter.message}},
      {"since", Raw{core::format(letter.since)}},
      {"decision", letter.decision ? Raw{std::string{name(*letter.decision)}} : none},
      {"decided_at", letter.decided_at ? Raw{core::format(*letter.decided_at)} : none}}});
}

std::optional<DeadLetter> decode_dead_letter(std::string_view bytes) {
  const auto document = read_json(bytes);
  const auto* object = document ? document.value().as<Raw::Object>() : nullptr;
  if (object == nullptr || number_at(*object, "format") != kFormat) return std::nullopt;
  auto topic = text_at(*object, "topic");
  const auto partition = number_at(*object, "partition");
  const auto offset = number_at(*object, "offset");
  const auto sent_at = time_at(*object, "sent_at");
  auto code = text_at(*object, "code");
  auto message = text_at(*object, "message");
  const auto since = time_at(*object, "since");
  if (!topic || !partition || !offset || !sent_at || !code || !message || !since)
    return std::nullopt;
  if (*partition < 0 || *partition > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return DeadLetter{std::move(*topic),
                    static_cast<std::int32_t>(*partition),
                    *offset,
                    *sent_at,
                    std::move(*code),
                    std::move(*message),
                    *since,
                    decision_at(*object),
                    time_at(*object, "decided_at"),
                    number_at(*object, "number")};
}

}  // namespace infra::codec
