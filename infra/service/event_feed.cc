#include "infra/service/event_feed.h"

#include <algorithm>

#include "infra/codec/event_codec.h"
#include "infra/codec/position_token.h"
#include "infra/service/described.h"

namespace infra::service {
namespace {

constexpr ports::Topic kTopic = ports::Topic::patient_history;

std::vector<ports::Start> starts_of(const ports::Log& log, const EventFeed::Start& start) {
  std::vector<ports::Start> starts = ports::from_the_beginning(log);
  if (std::holds_alternative<EventFeed::Now>(start)) {
    const auto ends = log.ends(kTopic);
    for (std::size_t at = 0; at < ends.size(); ++at) starts[at].offset = ends[at];
  }
  if (const auto* token = std::get_if<ports::PositionToken>(&start)) {
    for (const auto& place : token->places) {
      const auto at = static_cast<std::size_t>(place.partition.get());
      if (at < starts.size()) starts[at].offset = ports::Offset{place.history.get() + 1};
    }
  }
  return starts;
}

}  // namespace

std::optional<EventFeed::Start> EventFeed::parse_start(std::string_view text) {
  if (text == "beginning") return Beginning{};
  if (text == "now") return Now{};
  auto token = codec::parse_position(text);
  if (!token) return std::nullopt;
  return *std::move(token);
}

EventFeed::EventFeed(const ports::Log& log, const Start& start)
    : reached_{log.identity().incarnation, {}},
      codec_(std::make_unique<codec::ProtobufEventCodec>()) {
  const std::vector<ports::Start> starts = starts_of(log, start);
  for (const ports::Start& one : starts) {
    if (one.offset.get() == 0) continue;
    reached_.places.push_back(
        {one.partition, ports::Offset{0}, ports::Offset{one.offset.get() - 1}});
  }
  reader_ = log.open_reader(kTopic, starts);
}

std::size_t EventFeed::next(std::size_t limit, const Sink& sink) {
  return reader_->poll(limit, [&](const ports::Record& record) {
    auto place = std::find_if(reached_.places.begin(), reached_.places.end(), [&](const auto& one) {
      return one.partition >= record.partition;
    });
    if (place == reached_.places.end() || place->partition != record.partition)
      place = reached_.places.insert(place, {record.partition, ports::Offset{0}, record.offset});
    place->history = record.offset;
    if (ports::is_reserved(record.key)) return;
    sink(codec::format(reached_), described(kTopic, record, *codec_));
  });
}

}  // namespace infra::service
