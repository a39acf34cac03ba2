#include "infra/service/projecting.h"

#include <numeric>
#include <thread>

#include "infra/service/background.h"
#include "infra/service/linger.h"
#include "infra/service/parts.h"

namespace infra::service {
namespace {

using projections::Projection;
using std::chrono::steady_clock;

}  // namespace

Projecting::Projecting(Given given)
    : given_(std::move(given)), resting_("projecting", signs_, [this](const std::string& sentence) {
        given_.parts.surroundings.notice(sentence);
      }) {}

void Projecting::run() {
  come_second();
  while (!given_.stop()) {
    try {
      const auto before = processor_time();
      round();
      resting_.over();
      signs_.beat();
      std::this_thread::sleep_for(linger_behind(processor_time() - before));
      was_called_ = given_.wakeup->sleep(kLook);
    } catch (const core::Broken& broken) {
      if (!passes(broken.kind())) throw;
      was_called_ = false;
      next_look_ = {};
      resting_.rest(broken.what(), *given_.wakeup, given_.stop, [] {});
    }
  }
}

void Projecting::round() {
  obey();
  if (!all_built_) build_missing();
  const bool looks = steady_clock::now() >= next_look_;
  if (!looks && !was_called_) return;
  LiveModels& models = given_.parts.models();
  if (looks || !given_.parts.surroundings.kafka) {  // Brokers are not asked after each record.
    for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
      ends_[topic] = given_.parts.log().ends(topic);
    }
    looked_at_ = steady_clock::now();
  }
  const auto reach = looks ? LiveModels::Reach::head : LiveModels::Reach::ready;
  // One batch each, in turn: what is read for the first serves the others.
  std::vector<const Projection*> behind;
  for (const Projection& projection : models.projections()) behind.push_back(&projection);
  while (!behind.empty()) {
    std::erase_if(behind, [&](const Projection* projection) {
      if (given_.stop()) return true;
      signs_.beat();
      const bool there = models.follow(*projection, reach, [] { return false; });
      show(*projection);
      return there;
    });
  }
  if (looks) next_look_ = steady_clock::now() + kLookAnyway;
}

// Says how the read model stands, unless everybody knows.
void Projecting::show(const Projection& projection) {
  const auto standing = given_.parts.models().standing(projection);
  if (!standing) return given_.board.hide(projection.name);
  const std::vector<std::int64_t> lags = lags_of(*standing, ends_[standing->topic]);
  const std::int64_t lag = std::accumulate(lags.begin(), lags.end(), std::int64_t{0});
  const Board::Shown shown = given_.board.find(projection.name);
  if (shown != nullptr && shown->lag_events == lag && shown->file == standing->file &&
      shown->checkpoint == standing->checkpoint) {
    return;
  }
  given_.board.show(projection.name,
                    {.file = standing->file,
                     .checkpoint = standing->checkpoint,
                     .lag_events = lag,
                     .lags = lags_since(shown.get(), lags, looked_at_),
                     .quarantined = standing->quarantined,
                     .token = token_of(*standing)});
}

// Together they cost one scan of each topic; each by itself, as it is asked for, one for each.
void Projecting::build_missing() {
  read_models::Catalog& catalog = given_.parts.models().catalog();
  std::vector<const Projection*> missing;
  for (const Projection& projection : given_.parts.models().projections()) {
    const auto live = catalog.find(projection.name, read_models::Standing::live);
    if (!live || live->version != projection.version) missing.push_back(&projection);
  }
  for (const Rebuilding::Result& result : given_.parts.rebuilding().run(missing)) {
    if (result.faults.empty()) static_cast<void>(catalog.cut_over(result.projection->name));
  }
  next_look_ = {};
  all_built_ = true;
}

void Projecting::obey() {
  LiveModels& models = given_.parts.models();
  for (const Board::Damage& damage : given_.board.take_damage()) {
    given_.board.hide(damage.name);
    models.make_again(*models.find(damage.name), damage.why);
    next_look_ = {};
  }
  for (const std::string& name : asked_to_reopen()) {
    models.close(name);
    models.follow(*models.find(name), LiveModels::Reach::head, [this] { return !given_.stop(); });
    show(*models.find(name));
    const std::lock_guard lock{mutex_};
    to_reopen_.erase(name);
    obeyed_.notify_all();
  }
}

std::set<std::string> Projecting::asked_to_reopen() const {
  const std::lock_guard lock{mutex_};
  return to_reopen_;
}

void Projecting::end() {
  const std::lock_guard lock{mutex_};
  ended_ = true;
  obeyed_.notify_all();
}

void Projecting::reopen(std::string_view name) {
  std::unique_lock lock{mutex_};
  to_reopen_.emplace(name);
  given_.wakeup->wake();
  const std::string wanted{name};
  obeyed_.wait(lock, [&] { return ended_ || !to_reopen_.contains(wanted); });
}

}  // namespace infra::service
