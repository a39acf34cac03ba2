#include "infra/service/live_models.h"

#include <algorithm>
#include <thread>

#include "domain/core/broken.h"
#include "domain/core/expects.h"
#include "infra/codec/position_token.h"
#include "infra/service/rebuilding.h"
#include "projections/all.h"

namespace infra::service {
namespace {

using core::Failure;
using projections::Projection;

constexpr std::chrono::milliseconds kLookAgain{10};

bool always() { return true; }

ports::Topic topic_of(const Projection& projection) {
  return projection.of_state() ? ports::Topic::patient_events : ports::Topic::patient_history;
}

void catch_up(projections::Worker& worker,
              LiveModels::Reach reach,
              const std::function<bool()>& goes_on) {
  do {
    static_cast<void>(reach == LiveModels::Reach::head ? worker.apply() : worker.apply_ready());
  } while (!worker.at_end() && goes_on());
}

// Whether a view has passed everything that `token` names.
bool has_seen(const LiveModels::View& view, const ports::PositionToken& token) {
  return std::all_of(token.places.begin(), token.places.end(), [&](const auto& place) {
    const auto partition = static_cast<std::size_t>(place.partition.get());
    if (partition >= view.checkpoint.partitions.size()) return false;
    const ports::Offset wanted =
        view.topic == ports::Topic::patient_events ? place.events : place.history;
    return view.checkpoint.partitions[partition].next > wanted;
  });
}

}  // namespace

LiveModels::LiveModels(const DataDirectory& directory,
                       const ports::Log& log,
                       ports::EventCodec& codec,
                       const Surroundings& surroundings)
    : directory_(directory),
      log_(log),
      codec_(codec),
      surroundings_(surroundings),
      projections_(projections::read_models()) {}

const Projection* LiveModels::find(std::string_view name) const {
  const auto found = std::find_if(projections_.begin(),
                                  projections_.end(),
                                  [&](const Projection& one) { return one.name == name; });
  return found == projections_.end() ? nullptr : &*found;
}

std::string LiveModels::known_names() const {
  std::string names;
  for (const Projection& projection : projections_) {
    if (!names.empty()) names += ", ";
    names += projection.name;
  }
  return names;
}

read_models::Catalog& LiveModels::catalog() {
  if (!catalog_) {
    const bool first = !std::filesystem::exists(folder());
    catalog_ = std::make_unique<read_models::Catalog>(folder());
    if (catalog_->was_recreated() && !first) {
      surroundings_.notice(
          "the catalog of the read models was missing or damaged; it was made again "
          "from the files found");
    }
  }
  return *catalog_;
}

LiveModels::Open LiveModels::try_open(const Projection& projection) {
  const auto live = catalog().find(projection.name, read_models::Standing::live);
  if (!live) return {};
  Open opened;
  opened.store = read_models::SqliteStore::open(live->file, projection);
  opened.worker = std::make_unique<projections::Worker>(
      projections::Worker::Parts{log_, codec_, projection, *opened.store});
  return opened;
}

LiveModels::Open& LiveModels::open(const Projection& projection) {
  const std::string name{projection.name};
  const auto known = open_.find(name);
  if (known != open_.end()) return known->second;
  Open opened;
  try {
    opened = try_open(projection);
    if (!opened.store) make_again(projection, "");
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::corrupt) throw;
    make_again(projection, broken.what());
  }
  if (!opened.store) opened = try_open(projection);
  return open_.insert_or_assign(name, std::move(opened)).first->second;
}

// The first time a read model is needed it is made without a word.
void LiveModels::make_again(const Projection& projection, const std::string& why) {
  close(projection.name);
  Rebuilding rebuilding{log_, codec_, catalog(), surroundings_};
  static_cast<void>(rebuilding.run({&projection}));
  core::expects(catalog().cut_over(projection.name),
                "a generation that was just built can go live");
  if (!why.empty()) {
    surroundings_.notice("read model " + std::string{projection.name} +
                         " was made again from the log (" + why + ")");
  }
}

LiveModels::Open& LiveModels::bring_on(const Projection& projection,
                                       Reach reach,
                                       const std::function<bool()>& goes_on) {
  directory_.demand_held();
  const auto bring = [&]() -> Open& {
    Open& opened = open(projection);
    try {
      catch_up(*opened.worker, reach, goes_on);
    } catch (...) {
      close(projection.name);  // A worker that threw has lost its place.
      throw;
    }
    return opened;
  };
  try {
    return bring();
  } catch (const core::Broken& broken) {
    // Damage may be in the read model or in the log. The log's own shows again at once.
    if (broken.kind() != core::Breakage::corrupt) throw;
    make_again(projection, broken.what());
  }
  return bring();
}

read_models::SqliteStore& LiveModels::at_head(const Projection& projection) {
  return *bring_on(projection, Reach::head, always).store;
}

void LiveModels::follow(const Projection& projection,
                        Reach reach,
                        const std::function<bool()>& goes_on) {
  static_cast<void>(bring_on(projection, reach, goes_on));
}

Outcome<LiveModels::View> LiveModels::view_now(const Projection& projection) {
  View view{{}, {log_.identity().incarnation, {}}, topic_of(projection)};
  if (directory_.held()) {
    const Open& opened = bring_on(projection, Reach::head, always);
    view.file = opened.store->file();
    view.checkpoint = opened.worker->checkpoint();
  } else {
    const auto live = std::filesystem::exists(folder())
                          ? catalog().find(projection.name, read_models::Standing::live)
                          : std::nullopt;
    if (!live || live->version != projection.version) {
      return Failure{Problem{ProblemCode::rebuilding,
                             "read model " + std::string{projection.name} +
                                 " is not there yet, and " + directory_.holder()}};
    }
    view.file = live->file;
    view.checkpoint = read_models::SqliteStore::open(live->file, projection)->checkpoint();
  }
  const std::vector<ports::Offset> ends = log_.ends(view.topic);
  for (std::size_t at = 0; at < ends.size() && at < view.checkpoint.partitions.size(); ++at) {
    view.lag_events +=
        std::max<std::int64_t>(0, ends[at].get() - view.checkpoint.partitions[at].next.get());
  }
  return view;
}

Outcome<LiveModels::View> LiveModels::view(std::string_view name, const Wait& wait) {
  const Projection* projection = find(name);
  if (projection == nullptr) {
    return Failure{
        Problem{ProblemCode::usage, "there is no such read model; known: " + known_names()}};
  }
  std::optional<ports::PositionToken> token;
  if (wait.token) {
    token = codec::parse_position(*wait.token);
    if (!token)
      return Failure{Problem{ProblemCode::usage, "the token to wait for is none that Kartei gave"}};
    if (token->incarnation != log_.identity().incarnation) {
      return Failure{Problem{ProblemCode::log_mismatch, "the token to wait for is of another log"}};
    }
  }
  const auto deadline = std::chrono::steady_clock::now() + wait.timeout;
  while (true) {
    auto view = view_now(*projection);
    if (!view || !token || has_seen(view.value(), *token)) return view;
    if (std::chrono::steady_clock::now() >= deadline) {
      return Failure{
          Problem{ProblemCode::timeout,
                  "read model " + std::string{name} + " has not come so far yet; ask again",
                  {{"position", core::Raw{token_of(view.value())}}}}};
    }
    std::this_thread::sleep_for(kLookAgain);
  }
}

std::shared_ptr<sqlite::Connection> LiveModels::reader(std::string_view name, const View& view) {
  const auto connect = [&] {
    return std::make_shared<sqlite::Connection>(view.file, sqlite::Open::read_only);
  };
  const auto open = open_.find(std::string{name});
  if (open == open_.end()) return connect();
  if (!open->second.reader) open->second.reader = connect();
  return open->second.reader;
}

std::string token_of(const LiveModels::View& view) {
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
