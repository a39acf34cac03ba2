#include <gtest/gtest.h>

#include "tests/whole/damage.h"
#include "tests/whole/rows.h"

// Everything beside log.db is a cache: spoiled in any way it comes back row for row.
namespace {

using whole::Place;
using whole::Ran;

using Spoil = void (*)(const std::filesystem::path&);

struct Way {
  const char* name;
  Spoil spoil;
};
constexpr Way kWays[] = {{"removed", whole::remove},
                         {"emptied", whole::empty},
                         {"cut in half", whole::cut_in_half},
                         {"filled with garbage", whole::fill_with_garbage}};

std::vector<std::string> caches_of(const Place& place) {
  std::vector<std::string> files = {"states.db"};
  for (const auto& file : std::filesystem::directory_iterator{place.data() / "read"}) {
    files.push_back("read/" + file.path().filename().string());
  }
  return files;
}

TEST(ASpoiledCache, ComesBackRowForRow) {
  Place sound;
  whole::fill(sound);
  const std::string rows = whole::rows_of(sound);
  const std::string states = whole::states_of(sound);
  const std::vector<std::string> caches = caches_of(sound);
  ASSERT_EQ(caches.size(), 8U);
  for (const Way& way : kWays) {
    for (const std::string& cache : caches) {
      SCOPED_TRACE(cache + ' ' + way.name);
      Place place;
      place.copy_data_of(sound);
      way.spoil(place.data() / cache);
      EXPECT_EQ(whole::states_of(place), states);
      EXPECT_EQ(whole::rows_of(place), rows);
    }
    SCOPED_TRACE(way.name);
    Place place;
    place.copy_data_of(sound);
    for (const std::string& cache : caches) way.spoil(place.data() / cache);
    EXPECT_EQ(whole::states_of(place), states);
    EXPECT_EQ(whole::rows_of(place), rows);
    whole::expect_in_order(place);
  }
}

TEST(ASpoiledCache, IsReportedOnceAndDoesNotStandInTheWayOfCommands) {
  Place sound;
  whole::fill(sound);
  for (const Way& way : kWays) {
    SCOPED_TRACE(way.name);
    Place place;
    place.copy_data_of(sound);
    for (const std::string& cache : caches_of(sound)) way.spoil(place.data() / cache);
    const Ran first = place.json({"patient", "update", "1", "--set", "ort=Ulm"});
    EXPECT_EQ(first.status, 0) << first.out;
    EXPECT_NE(first.err.find("states.db"), std::string::npos) << first.err;
    EXPECT_EQ(place.json({"patient", "show", "1"}).at("data.patient.ort"), "\"Ulm\"");
    EXPECT_EQ(place.json({"patient", "update", "1", "--set", "ort=Ulm"}).err, "");
    EXPECT_EQ(place.json({"patient", "show", "1"}).err, "");
  }
}

// Damage inside a file shows only when somebody reads there: that question mends it.
TEST(ASpoiledCache, InOnePageAloneIsMendedByTheQuestionThatMeetsIt) {
  Place sound;
  whole::fill(sound);
  const std::string rows = whole::rows_of(sound);
  constexpr std::uintmax_t kPage = 4096;
  int mended = 0;
  for (const char* model : whole::kReadModels) {
    const std::string name = std::string{"read/"} + model + ".g0001.db";
    const std::string sql = std::string{"SELECT * FROM "} + model;
    const Ran truth = sound.json({"query", "sql", model, sql});
    const std::uintmax_t size = std::filesystem::file_size(sound.data() / name);
    for (std::uintmax_t page = 0; page < size / kPage; ++page) {
      SCOPED_TRACE(name + " page " + std::to_string(page + 1));
      Place place;
      place.copy_data_of(sound);
      std::string bytes = whole::bytes_of(place.data() / name);
      for (std::uintmax_t at = 0; at < kPage; ++at) bytes[page * kPage + at] = '\x5A';
      place.write("data/" + name, bytes);
      const Ran asked = place.json({"query", "sql", model, sql});
      EXPECT_EQ(asked.status, 0) << asked.out;
      EXPECT_EQ(asked.at("data"), truth.at("data"));
      if (asked.err.empty()) continue;  // It does not read that page.
      ++mended;
      EXPECT_NE(asked.err.find(name), std::string::npos) << "the place: " << asked.err;
      EXPECT_EQ(whole::rows_of(place), rows);
    }
  }
  EXPECT_GT(mended, 12) << "of each read model at least its head and its rows";
}

}  // namespace
