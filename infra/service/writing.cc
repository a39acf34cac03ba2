#include "infra/service/writing.h"

#include "infra/service/parts.h"

namespace infra::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Whoever took the log over by force is given so long to do what it wanted: meanwhile nobody else's
// turn comes.
constexpr milliseconds kStandBack{2000};

}  // namespace

Writing::Writing(Given given)
    : given_(std::move(given)), resting_("writing", signs_, [this](const std::string& sentence) {
        given_.parts.surroundings.notice(sentence);
      }) {}

Writing::Standing Writing::standing() const {
  Standing standing{writer_, turns_, {recorded_, duplicates_, ignored_, dead_}, std::nullopt};
  if (const std::int64_t expected = expected_patients_; expected >= 0)
    standing.expected_patients = expected;
  return standing;
}

std::string Writing::writer_elsewhere() const {
  const std::lock_guard lock{mutex_};
  return writer_elsewhere_;
}

void Writing::run() {
  while (!given_.stop()) {
    try {
      const bool more = round();
      resting_.over();
      signs_.beat();
      was_called_ = given_.wakeup->sleep(more ? milliseconds{0} : kLook);
    } catch (const core::Broken& broken) {
      if (!passes(broken.kind())) throw;
      standby_.reset();  // It has lost its place; the writer alone knows how to go on.
      const auto why = std::make_exception_ptr(broken);
      resting_.rest(
          broken.what(), *given_.wakeup, given_.stop, [&] { given_.commands.refuse(why); });
    }
  }
  finish();
}

bool Writing::round() {
  if (!candidacy_) {
    candidacy_ = given_.parts.home().stand_for_writer([wakeup = given_.wakeup] { wakeup->wake(); });
  }
  mind_turn();
  if (turn_ == 0) {
    stand_by();
    return false;
  }
  ask_for_compaction();
  return write();
}

void Writing::mind_turn() {
  if (stands_back_until_) {
    if (steady_clock::now() < *stands_back_until_) return;
    stands_back_until_.reset();
    candidacy_.reset();  // The next round asks for a turn again.
    return;
  }
  const std::int64_t turn = candidacy_->turn();
  if (turn_ != 0 && (given_.parts.is_fenced() || candidacy_->superseded())) {
    return stand_back("another writer has taken the log over");
  }
  if (turn_ != 0 && turn != turn_) give_up_turn("the turn to write has passed to somebody else");
  if (turn_ == 0 && turn != 0) return take_turn(turn);
  if (turn_ == 0 && !waits_) {
    given_.parts.surroundings.notice("standby: waits for its turn to write");
  }
  waits_ = turn_ == 0;
}

void Writing::take_turn(std::int64_t turn) {
  candidacy_->begin();
  standby_.reset();
  try {
    static_cast<void>(given_.parts.writer_in_turn());
  } catch (const core::Broken& broken) {
    given_.parts.close_writer();
    if (broken.kind() != core::Breakage::locked) throw;
    return stand_back(broken.what());
  }
  turn_ = turn;
  expected_patients_ = static_cast<std::int64_t>(given_.parts.expected_patients());
  learn_writer("");
  ++turns_;
  writer_ = true;
  next_compaction_ = steady_clock::now();
  waits_ = false;
  given_.parts.surroundings.notice("writer: this process has its turn to write");
}

void Writing::give_up_turn(const std::string& why) {
  turn_ = 0;
  writer_ = false;
  given_.parts.close_writer();
  given_.parts.surroundings.notice("gave its turn up: " + why);
}

void Writing::learn_writer(std::string address) {
  if (address == writer_elsewhere()) return;
  if (!address.empty())
    given_.parts.surroundings.notice("standby: changes are passed on to " + address);
  const std::lock_guard lock{mutex_};
  writer_elsewhere_ = std::move(address);
}

// Behind whoever fenced us: leaves the group, though not at once, joins it again, and waits to be
// chosen.
void Writing::stand_back(const std::string& why) {
  give_up_turn(why);
  stands_back_until_ = steady_clock::now() + kStandBack;
}

bool Writing::write() {
  const bool served =
      given_.commands.serve([this](auto submissions) { return handle(submissions); });
  const bool took = take_in();
  return served || took;
}

bool Writing::take_in() {
  Incoming* const incoming = given_.parts.incoming();
  if (incoming == nullptr || steady_clock::now() < next_intake_) return false;
  const auto step = incoming->intake.step([this](auto submissions) { return handle(submissions); });
  recorded_ += step.recorded;
  duplicates_ += step.duplicates;
  ignored_ += step.ignored;
  dead_ += step.dead;
  const bool more = step.messages > 0;
  next_intake_ = more ? Time{} : steady_clock::now() + kLook / 2;
  return more;
}

std::vector<handling::Answer> Writing::handle(std::span<const handling::Submission> submissions) {
  const auto begun = steady_clock::now();
  const auto tell = [&](const std::vector<handling::Answer>* answers) {
    if (!given_.on_written) return;
    given_.on_written(
        {steady_clock::now() - begun, submissions.size(), answers, given_.parts.is_fenced()});
  };
  try {
    auto answers = given_.parts.writer_in_turn().handle(submissions);
    expected_patients_ = static_cast<std::int64_t>(given_.parts.expected_patients());
    given_.committed();
    tell(&answers);
    return answers;
  } catch (...) {
    tell(nullptr);
    throw;
  }
}

void Writing::stand_by() {
  given_.commands.refuse(std::make_exception_ptr(
      core::Broken(core::Breakage::locked,
                   "this process is a standby: another one has its turn to write; nothing was "
                   "appended, ask that one or try again")));
  if (candidacy_) learn_writer(candidacy_->writer_address());
  const auto goes_on = [this] {
    signs_.beat();
    return !given_.stop() && given_.commands.waiting() == 0;
  };
  if (!standby_) standby_ = given_.parts.standby();
  if (was_called_) {
    standby_->follow_ready(goes_on);
  } else if (steady_clock::now() >= next_look_) {
    standby_->follow(goes_on);
    next_look_ = steady_clock::now() + kLookAnyway;
  }
  expected_patients_ = static_cast<std::int64_t>(standby_->expected_patients());
}

void Writing::ask_for_compaction() {
  if (steady_clock::now() < next_compaction_) return;
  const auto interval = given_.parts.home().compaction_interval();
  if (!interval) {
    next_compaction_ = Time::max();
    return;
  }
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    static_cast<void>(given_.parts.log().compact(topic));
  }
  next_compaction_ = steady_clock::now() + *interval;
}

// What was accepted is answered, one way or the other.
void Writing::finish() {
  given_.commands.close();
  try {
    while (turn_ != 0 && given_.commands.serve([this](auto batch) { return handle(batch); })) {
    }
  } catch (const core::Broken&) {  // Everybody of that batch was told.
  }
  given_.commands.end();
  given_.parts.close_writer();
  candidacy_.reset();
}

}  // namespace infra::service
