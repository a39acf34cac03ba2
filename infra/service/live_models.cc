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

void catch_up(projections::Worker& worker,
              LiveModels::Reach reach,
              const std::function<bool()>& goes_on) {
  do {
    static_cast<void>(reach == LiveModels::Reach::head ? worker.apply() : worker.apply_ready());
  } while (!worker.at_end() && goes_on());
}

}  // namespace

LiveModels::LiveModels(const DataDirectory& directory,
                       const ports::Log& log,
                       ports::EventCodec& codec,
                       const Surroundings& surroundings,
                       Board* board)
    : directory_(directory),
      log_(log),
      codec_(codec),
      surroundings_(surroundings),
      board_(board),
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
  const ports::Topic topic = projection.topic();
  projections::Feeds& feeds = feeds_.try_emplace(topic, log_, codec_, topic).first->second;
  opened.worker = std::make_unique<projections::Worker>(
      projections::Worker::Parts{log_, codec_, projection, *opened.store, &feeds});
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

void changed_by_others(std::string_view name) {
  throw core::Broken(core::Breakage::locked,
                     "somebody else has changed the generations of " + std::string{name} +
                         " meanwhile; ask again");
}

// The first time a read model is needed it is made without a word.
void LiveModels::make_again(const Projection& projection, const std::string& why) {
  close(projection.name);
  Rebuilding rebuilding{log_, codec_, catalog(), surroundings_};
  static_cast<void>(rebuilding.run({&projection}));
  if (!catalog().cut_over(projection.name)) changed_by_others(projection.name);
  if (!why.empty()) {
    surroundings_.notice("read model " + std::string{projection.name} +
                         " was made again from the log (" + why + ")");
  }
}

LiveModels::Open& LiveModels::bring_on(const Projection& projection,
                                       Reach reach,
                                       const std::function<bool()>& goes_on) {
  directory_.demand_held();
  core::expects(board_ == nullptr, "a guest leaves the live read models to their keeper");
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

bool LiveModels::follow(const Projection& projection,
                        Reach reach,
                        const std::function<bool()>& goes_on) {
  return bring_on(projection, reach, goes_on).worker->at_end();
}

std::optional<View> LiveModels::standing(const Projection& projection) const {
  const auto open = open_.find(std::string{projection.name});
  if (open == open_.end()) return std::nullopt;
  View view{open->second.store->file(), open->second.worker->checkpoint(), projection.topic()};
  view.quarantined = static_cast<std::int64_t>(open->second.worker->quarantined_count());
  return view;
}

Outcome<View> LiveModels::view_on_board(const Projection& projection) const {
  const Board::Shown shown = board_->find(projection.name);
  if (shown == nullptr) {
    return Failure{Problem{
        ProblemCode::rebuilding,
        "read model " + std::string{projection.name} + " is being made from the log; ask again"}};
  }
  if (!std::filesystem::exists(shown->file)) {  // What is open still answers, and will be lost.
    throw core::Broken(core::Breakage::corrupt, shown->file.string() + " is missing");
  }
  return View{shown->file, shown->checkpoint, projection.topic(), shown->lag_events, shown->token};
}

Outcome<View> LiveModels::view_of_others(const Projection& projection) {
  const auto live = std::filesystem::exists(folder())
                        ? catalog().find(projection.name, read_models::Standing::live)
                        : std::nullopt;
  if (!live || live->version != projection.version) {
    return Failure{Problem{ProblemCode::rebuilding,
                           "read model " + std::string{projection.name} +
                               " is not there yet, and " + directory_.holder()}};
  }
  return View{live->file,
              read_models::SqliteStore::open(live->file, projection)->checkpoint(),
              projection.topic()};
}

Outcome<View> LiveModels::view_now(const Projection& projection) {
  if (board_ != nullptr) return view_on_board(projection);
  if (!directory_.held()) {
    auto view = view_of_others(projection);
    if (!view) return view;
    View seen = std::move(view).value();
    seen.lag_events = lag_of(seen, log_.ends(seen.topic));
    return seen;
  }
  static_cast<void>(bring_on(projection, Reach::head, always));
  View seen = *standing(projection);
  seen.lag_events = lag_of(seen, log_.ends(seen.topic));
  return seen;
}

core::Failure<Problem> LiveModels::report_damage(std::initializer_list<std::string_view> names,
                                                 const std::string& why) {
  for (const std::string_view name : names) {
    readers_.erase(std::string{name});
    board_->report_damage(name, why);
  }
  return Failure{Problem{ProblemCode::rebuilding,
                         "read model " + std::string{*names.begin()} +
                             " is damaged and is being made again from the log; ask again"}};
}

bool LiveModels::await_move(std::uint64_t& news,
                            std::chrono::steady_clock::time_point deadline) const {
  if (board_ != nullptr) return board_->await_news(news, deadline);
  std::this_thread::sleep_for(kLookAgain);
  return std::chrono::steady_clock::now() < deadline;
}

Outcome<View> LiveModels::view(std::string_view name, const Wait& wait) {
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
  std::uint64_t news = board_ == nullptr ? 0 : board_->news();  // Before it is looked at.
  const bool to_the_head = board_ != nullptr && surroundings_.asks_at_head;
  std::vector<ports::Offset> head;
  if (to_the_head) head = log_.ends(projection->topic());
  for (bool waits = true;; waits = await_move(news, deadline)) {
    auto view = view_now(*projection);
    const bool is_made = !view && view.error().code == ProblemCode::rebuilding;
    if (is_made && to_the_head && waits) continue;
    if (!view) return view;
    const bool seen = !token || has_seen(view.value(), *token);
    if (seen && lag_of(view.value(), head) == 0) return view;
    if (!waits || std::chrono::steady_clock::now() >= deadline) {
      if (seen) return view;  // It says how far it lags behind.
      return Failure{
          Problem{ProblemCode::timeout,
                  "read model " + std::string{name} + " has not come so far yet; ask again",
                  {{"position", core::Raw{token_of(view.value())}}}}};
    }
  }
}

std::shared_ptr<sqlite::Connection> LiveModels::reader(std::string_view name, const View& view) {
  const auto connect = [&] {
    return std::make_shared<sqlite::Connection>(view.file, sqlite::Open::read_only);
  };
  if (board_ != nullptr) {
    Kept& kept = readers_[std::string{name}];
    if (!kept.connection || kept.file != view.file) kept = {view.file, connect()};
    return kept.connection;
  }
  const auto open = open_.find(std::string{name});
  if (open == open_.end()) return connect();
  if (!open->second.reader) open->second.reader = connect();
  return open->second.reader;
}

}  // namespace infra::service
