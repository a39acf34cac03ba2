#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tests/domain/given.h"
#include "tests/domain/random_commands.h"

// What holds after every command, whatever the commands are. A failure prints its seed.
namespace {

using patient::Key;
using patient::State;
using patient::Value;

using View = std::array<Value, patient::kKeyCount>;

// The 36 keys as clients see them but for the id; all null when there is nobody to see.
View view(const State& state) {
  View keys;
  const patient::OnFile* patient = state.on_file();
  if (patient == nullptr) return keys;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    keys[static_cast<std::size_t>(key.key) - 1] = key.key == Key::ausgeschlossene_therapeuten
                                                      ? Value{therapists_of(patient->exclusions)}
                                                      : patient->fields[key.key];
  }
  return keys;
}

// The keys that differ. At creation that is every key that is not null, and the empty list of
// exclusions is not named; a deletion names nothing.
patient::Changes difference(const State& before, const State& after, const patient::Event& event) {
  patient::Changes changes;
  if (std::holds_alternative<patient::Deleted>(event)) return changes;
  const View old_keys = view(before);
  const View new_keys = view(after);
  for (const patient::KeyInfo& key : patient::all_keys()) {
    const auto at = static_cast<std::size_t>(key.key) - 1;
    const bool created = std::holds_alternative<patient::Created>(event);
    if (created && key.key == Key::ausgeschlossene_therapeuten) continue;
    if (old_keys[at] != new_keys[at]) changes.push_back({key.key, old_keys[at], new_keys[at]});
  }
  return changes;
}

void check_invariants(const State& before, const State& after) {
  const patient::OnFile* patient = after.on_file();
  if (patient == nullptr) return;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    if (key.key == Key::id) continue;
    EXPECT_TRUE(fits(key.key, patient->fields[key.key])) << key.name;
  }
  const Value& letzter_kontakt = patient->fields[Key::letzter_kontakt];
  EXPECT_EQ(is_null(letzter_kontakt), !after.last_contact);
  if (after.last_contact) {
    EXPECT_EQ(letzter_kontakt, Value{core::day_of(after.last_contact->at)});
  }
  if (const patient::OnFile* old = before.on_file()) {
    const Value& start = old->fields[Key::startdatum];
    if (!is_null(start)) {
      EXPECT_EQ(patient->fields[Key::startdatum], start);
    }
    EXPECT_EQ(patient->fields[Key::created_at], old->fields[Key::created_at]);
  }
  const bool ready = patient->fields.flag(Key::vertraege_unterschrieben) &&
                     patient->fields.flag(Key::zahlung_eingegangen);
  if (ready) {
    EXPECT_FALSE(is_null(patient->fields[Key::startdatum]));
  }
}

class Story {
 public:
  explicit Story(std::uint64_t seed) : commands_(seed) {}

  void step() {
    now_ += std::chrono::hours{commands_.number(30)};
    const auto decision = decide(commands_.next(now_), state_, now_);
    if (!decision) return;
    ++command_;
    std::size_t status_changes = 0;
    const State before = state_;
    for (const patient::Happening& happening : decision.value()) {
      const State earlier = state_;
      const auto sequence = following(state_.sequence);
      history_.push_back(tests::recorded(happening, sequence, now_, command_));
      state_ = evolve(std::move(state_), history_.back());
      EXPECT_EQ(state_.sequence, sequence);
      EXPECT_TRUE(happening.changes == difference(earlier, state_, happening.event))
          << "named:\n"
          << tests::describe({happening}) << "differs:\n"
          << tests::describe({{happening.event, difference(earlier, state_, happening.event)}});
      status_changes += std::holds_alternative<patient::StatusChanged>(happening.event) ? 1U : 0U;
    }
    EXPECT_LE(status_changes, 1U);
    check_invariants(before, state_);
  }

  void check_fold() const {
    State folded;
    for (const patient::Recorded& recorded : history_) folded = evolve(std::move(folded), recorded);
    EXPECT_TRUE(folded == state_);
  }

  [[nodiscard]] const std::vector<patient::Recorded>& history() const { return history_; }

 private:
  tests::RandomCommands commands_;
  core::Timestamp now_ = tests::kNow;
  State state_;
  std::vector<patient::Recorded> history_;
  std::uint8_t command_ = 0;
};

TEST(Decider, NamesExactlyTheKeysThatDifferAndItsEventsFoldToTheState) {
  std::array<std::size_t, patient::kEventTypeCount> seen{};
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Story story{seed};
    for (int step = 0; step < 60; ++step) story.step();
    story.check_fold();
    for (const auto& recorded : story.history()) ++seen[recorded.event.index()];
    if (testing::Test::HasFailure()) return;
  }
  for (const patient::EventType type : {patient::EventType::created,
                                        patient::EventType::updated,
                                        patient::EventType::status_changed,
                                        patient::EventType::therapist_excluded,
                                        patient::EventType::therapist_exclusion_revoked,
                                        patient::EventType::contact_recorded,
                                        patient::EventType::deleted,
                                        patient::EventType::restated}) {
    EXPECT_GT(seen[static_cast<std::size_t>(type)], 20U) << name(type);
  }
}

}  // namespace
