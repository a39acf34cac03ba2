#include "infra/service/view.h"

#include <algorithm>
#include <numeric>

#include "infra/codec/position_token.h"

namespace infra::service {

bool has_seen(const View& view, const ports::PositionToken& token) {
  return std::all_of(token.places.begin(), token.places.end(), [&](const auto& place) {
    const auto partition = static_cast<std::size_t>(place.partition.get());
    if (partition >= view.checkpoint.partitions.size()) return false;
    const ports::Offset wanted =
        view.topic == ports::Topic::patient_events ? place.events : place.history;
    return view.checkpoint.partitions[partition].next > wanted;
  });
}

std::vector<std::int64_t> lags_of(const View& view, const std::vector<ports::Offset>& ends) {
  std::vector<std::int64_t> lags;
  for (std::size_t at = 0; at < ends.size() && at < view.checkpoint.partitions.size(); ++at) {
    const std::int64_t next = view.checkpoint.partitions[at].next.get();
    lags.push_back(std::max<std::int64_t>(0, ends[at].get() - next));
  }
  return lags;
}

std::int64_t lag_of(const View& view, const std::vector<ports::Offset>& ends) {
  const std::vector<std::int64_t> lags = lags_of(view, ends);
  return std::accumulate(lags.begin(), lags.end(), std::int64_t{0});
}

std::string token_of(const View& view) {
  if (!view.token.empty()) return view.token;
  ports::PositionToken token{view.checkpoint.incarnation, {}};
  for (std::size_t at = 0; at < view.checkpoint.partitions.size(); ++at) {
    const auto& partition = view.checkpoint.partitions[at];
    if (!partition.last) continue;
    const bool events = view.topic == ports::Topic::patient_events;
    token.places.push_back({ports::Partition{static_cast<std::int32_t>(at)},
                            events ? *partition.last : ports::Offset{0},
                            events ? ports::Offset{0} : *partition.last});
  }
  return codec::format(token);
}

}  // namespace infra::service
