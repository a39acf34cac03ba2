#include "infra/service/follower.h"

#include <algorithm>

#include "domain/core/broken.h"
#include "infra/service/parts.h"

namespace infra::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often it looks whether it is to stop, and whether anything waits elsewhere.
constexpr milliseconds kLook{100};
// Readers call when something comes: then what they have is enough. When it is quiet for so long
// the log is asked for its end, which also shows whether it is there.
constexpr milliseconds kLookAnyway{1000};
constexpr milliseconds kBackOffMin{250};
constexpr milliseconds kBackOffMax{5000};
// Whoever took the log over by force is given so long to do what it wanted: meanwhile nobody else's
// turn comes.
constexpr milliseconds kStandBack{2000};

bool passes(core::Breakage kind) {
  return kind == core::Breakage::broker_unavailable || kind == core::Breakage::io ||
         kind == core::Breakage::locked;
}

}  // namespace

void Wakeup::wake() {
  const std::lock_guard lock{mutex_};
  woken_ = true;
  changed_.notify_one();
}

bool Wakeup::sleep(milliseconds limit) {
  std::unique_lock lock{mutex_};
  const bool woken = changed_.wait_for(lock, limit, [this] { return woken_; });
  woken_ = false;
  return woken;
}

Follower::Follower(Kartei::Parts& parts, const std::function<bool()>& stop)
    : parts_(parts), stop_(stop), progress_(parts.surroundings.progress), back_off_(kBackOffMin) {
  parts_.surroundings.progress = [this](const Progress& now) {
    if (stop_()) throw Stopped{};
    progress_(now);
  };
}

Follower::~Follower() {
  parts_.close_writer();
  parts_.surroundings.progress = progress_;
}

void Follower::run() {
  parts_.directory().demand_held();
  while (!stop_()) {
    try {
      round();
      take_in();
    } catch (const Stopped&) {
      return;
    } catch (const core::Broken& broken) {
      if (!passes(broken.kind())) throw;
      rest(broken.what());
    }
  }
}

core::Raw Follower::summary() const {
  return core::Raw{
      core::Raw::Object{{"role", core::Raw{std::string{turn_ != 0 ? "writer" : "standby"}}},
                        {"turns", core::Raw{turns_}},
                        {"recorded", core::Raw{recorded_}},
                        {"dead", core::Raw{dead_}}}};
}

void Follower::round() {
  LogHome& home = parts_.home();
  if (!opened_) home.set_on_arrival([wakeup = wakeup_] { wakeup->wake(); });
  opened_ = true;
  if (!candidacy_) candidacy_ = home.stand_for_writer([wakeup = wakeup_] { wakeup->wake(); });
  mind_turn();
  project();
  ask_for_compaction();
  if (!trouble_.empty()) parts_.surroundings.notice("it goes on");
  trouble_.clear();
  back_off_ = kBackOffMin;
}

void Follower::mind_turn() {
  if (stands_back_until_) {
    if (steady_clock::now() < *stands_back_until_) return;
    stands_back_until_.reset();
    return candidacy_.reset();  // The next round asks for a turn again.
  }
  const std::int64_t turn = candidacy_->turn();
  if (turn_ != 0 && (parts_.is_fenced() || candidacy_->superseded())) {
    return stand_back("another writer has taken the log over");
  }
  if (turn_ != 0 && turn != turn_) give_up_turn("the turn to write has passed to somebody else");
  if (turn_ == 0 && turn != 0) return take_turn(turn);
  if (turn_ == 0 && !waits_) parts_.surroundings.notice("standby: waits for its turn to write");
  waits_ = turn_ == 0;
}

void Follower::take_turn(std::int64_t turn) {
  candidacy_->begin();
  standby_.reset();
  try {
    static_cast<void>(parts_.writer_in_turn());
  } catch (const core::Broken& broken) {
    parts_.close_writer();
    if (broken.kind() != core::Breakage::locked) throw;
    return stand_back(broken.what());
  }
  turn_ = turn;
  ++turns_;
  next_compaction_ = steady_clock::now();
  waits_ = false;
  parts_.surroundings.notice("writer: this process has its turn to write");
}

void Follower::give_up_turn(const std::string& why) {
  turn_ = 0;
  parts_.close_writer();
  parts_.surroundings.notice("gave its turn up: " + why);
}

// Behind whoever fenced us: leaves the group, though not at once, joins it again, and waits to be
// chosen.
void Follower::stand_back(const std::string& why) {
  give_up_turn(why);
  stands_back_until_ = steady_clock::now() + kStandBack;
}

void Follower::take_in() {
  const auto until = steady_clock::now() + kLookAnyway;
  while (!stop_() && steady_clock::now() < until) {
    const bool more = take_in_batch();
    was_called_ = wakeup_->sleep(more ? milliseconds{0} : kLook);
    if (was_called_ || more) return;
  }
}

bool Follower::take_in_batch() {
  Incoming* const incoming = turn_ != 0 ? parts_.incoming() : nullptr;
  if (incoming == nullptr) return false;
  const auto step = incoming->intake.step([this](auto submissions) { return handle(submissions); });
  recorded_ += step.recorded;
  dead_ += step.dead;
  return step.messages > 0;
}

std::vector<handling::Answer> Follower::handle(std::span<const handling::Submission> submissions) {
  auto answers = parts_.writer_in_turn().handle(submissions);
  wakeup_->wake();
  return answers;
}

void Follower::project() {
  const auto goes_on = [this] { return !stop_(); };
  if (!all_built_) build_missing();
  const auto reach = was_called_ ? LiveModels::Reach::ready : LiveModels::Reach::head;
  for (const projections::Projection& projection : parts_.models().projections()) {
    if (goes_on()) static_cast<void>(parts_.models().follow(projection, reach, goes_on));
  }
  if (turn_ != 0) return;
  if (!standby_) standby_ = parts_.standby();
  was_called_ ? standby_->follow_ready(goes_on) : standby_->follow(goes_on);
}

// Together they cost one scan of each topic; each by itself, as it is asked for, one for each.
void Follower::build_missing() {
  read_models::Catalog& catalog = parts_.models().catalog();
  std::vector<const projections::Projection*> missing;
  for (const projections::Projection& projection : parts_.models().projections()) {
    const auto live = catalog.find(projection.name, read_models::Standing::live);
    if (!live || live->version != projection.version) missing.push_back(&projection);
  }
  for (const Rebuilding::Result& result : parts_.rebuilding().run(missing)) {
    if (result.faults.empty()) static_cast<void>(catalog.cut_over(result.projection->name));
  }
  all_built_ = true;
}

void Follower::ask_for_compaction() {
  if (turn_ == 0 || steady_clock::now() < next_compaction_) return;
  const auto interval = parts_.home().compaction_interval();
  if (!interval) {
    next_compaction_ = Time::max();
    return;
  }
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    static_cast<void>(parts_.log().compact(topic));
  }
  next_compaction_ = steady_clock::now() + *interval;
}

// Whatever broke has lost its place; the writer alone knows how to go on.
void Follower::rest(const std::string& why) {
  standby_.reset();
  was_called_ = false;
  if (trouble_.empty()) parts_.surroundings.notice("does not go on, and tries again: " + why);
  trouble_ = why;
  const auto until = steady_clock::now() + back_off_;
  while (!stop_() && steady_clock::now() < until) {
    static_cast<void>(wakeup_->sleep(kLook));
  }
  back_off_ = std::min(2 * back_off_, kBackOffMax);
}

}  // namespace infra::service
