#include <gtest/gtest.h>

#include "tests/domain/given.h"

namespace {

using patient::Key;
using patient::Status;
using tests::given;

TEST(Status, MayChangeFromEachOfTheSixToEachOther) {
  for (std::size_t from = 0; from < patient::kStatusCount; ++from) {
    for (std::size_t to = 0; to < patient::kStatusCount; ++to) {
      const auto before = static_cast<Status>(from);
      const auto after = static_cast<Status>(to);
      SCOPED_TRACE(std::string{name(before)} + " to " + std::string{name(after)});
      auto scene = given({tests::created({{Key::status, before}})});
      scene.when(patient::ChangeStatus{after});
      if (before == after) {
        scene.nothing_happens();
        EXPECT_EQ(scene.state().on_file()->status_since, tests::kThen);
        continue;
      }
      scene.then(
          {{patient::StatusChanged{}, {{Key::status, before, after}, tests::touched_today()}}});
      EXPECT_EQ(scene.state().on_file()->status_since, tests::kNow);
    }
  }
}

TEST(Status, HasHeldSinceItsOwnLastChangeOnly) {
  const auto scene = given({tests::created()}).when(tests::update({{Key::ort, "Bonn"}}));
  EXPECT_EQ(scene.state().on_file()->status_since, tests::kThen);
}

TEST(Status, IsSpelledAsTheWireSpellsIt) {
  EXPECT_EQ(patient::known_statuses(),
            "offen, auf_der_Suche, in_Therapie, Therapie_abgeschlossen, Suche_abgebrochen, "
            "Therapie_abgebrochen");
  for (std::size_t at = 0; at < patient::kStatusCount; ++at) {
    const auto status = static_cast<Status>(at);
    EXPECT_EQ(patient::parse_status(name(status)), status);
  }
  for (const char* other : {"", "Offen", "auf_der_suche", "in_therapie", " offen"}) {
    EXPECT_FALSE(patient::parse_status(other)) << other;
  }
}

}  // namespace
