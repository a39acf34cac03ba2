#include <gtest/gtest.h>

#include <fstream>

#include "infra/read_models/catalog.h"
#include "infra/read_models/sqlite_store.h"
#include "projections/all.h"
#include "projections/letzter_kontakt/letzter_kontakt.h"
#include "projections/rebuild.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

namespace testing_projections {
namespace {

namespace fs = std::filesystem;
using infra::read_models::Catalog;
using infra::read_models::Generation;
using infra::read_models::SqliteStore;
using infra::read_models::Standing;

void expect_corrupt(const std::function<void()>& act) {
  try {
    act();
    ADD_FAILURE() << "damage was not seen";
  } catch (const core::Broken& broken) {
    EXPECT_EQ(broken.kind(), core::Breakage::corrupt) << broken.what();
  }
}

class SqliteFiles : public ::testing::Test {
 protected:
  SqliteFiles() { world.act_many(300, false); }
  void rebuild_into(const fs::path& path) {
    const auto store = SqliteStore::create(path, projection, world.log.identity());
    const projections::Building building{projection, *store};
    projections::rebuild({world.log, world.codec, std::span{&building, 1}});
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(at);
    stream << bytes;
  }
  World world{1, 200};
  projections::Projection projection = projections::letzter_kontakt_projection();
  ScratchFolder folder;
  fs::path file = folder.path() / "store.db";
};

TEST_F(SqliteFiles, AMissingFileIsCorrupt) {
  expect_corrupt([&] { (void)SqliteStore::open(file, projection); });
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(SqliteFiles, AFileThatIsNoDatabaseIsCorrupt) {
  std::ofstream{file} << std::string(8192, 'x');
  expect_corrupt([&] { (void)SqliteStore::open(file, projection); });
}

TEST_F(SqliteFiles, AnEmptyFileIsCorrupt) {
  std::ofstream{file} << "";
  expect_corrupt([&] { (void)SqliteStore::open(file, projection); });
}

TEST_F(SqliteFiles, AFileCutShortIsCorrupt) {
  rebuild_into(file);
  fs::resize_file(file, fs::file_size(file) / 2);
  expect_corrupt([&] { (void)SqliteStore::open(file, projection); });
}

TEST_F(SqliteFiles, DamageInsideIsFoundByTheIntegrityCheck) {
  rebuild_into(file);
  EXPECT_TRUE(SqliteStore::open(file, projection)->integrity().empty());
  constexpr std::streamoff kPage = 4096;
  const auto pages = static_cast<std::streamoff>(fs::file_size(file)) / kPage;
  overwrite((pages - 1) * kPage, std::string(1000, '\x7F'));
  bool found = false;
  try {
    found = !SqliteStore::open(file, projection)->integrity().empty();
  } catch (const core::Broken& broken) {
    found = broken.kind() == core::Breakage::corrupt;
  }
  EXPECT_TRUE(found);
}

// What nobody waited for is not on the disk when the machine stops.
TEST_F(SqliteFiles, AFileHalfLoadedByAnEarlierRunOfTheSystemIsBegunAnew) {
  SqliteStore::create(file, projection, world.log.identity()).reset();
  EXPECT_TRUE(SqliteStore::open(file, projection)->loading());  // The process stopped, no more.
  infra::sqlite::Connection{file, infra::sqlite::Open::read_write}.execute(
      "UPDATE meta SET value = 'an earlier one' WHERE key = 'system_run'");
  expect_corrupt([&] { (void)SqliteStore::open(file, projection); });
}

TEST_F(SqliteFiles, ALoadedFileOutlivesTheRunOfTheSystemThatLoadedIt) {
  rebuild_into(file);
  infra::sqlite::Connection{file, infra::sqlite::Open::read_write}.execute(
      "UPDATE meta SET value = 'an earlier one' WHERE key = 'system_run'");
  EXPECT_FALSE(SqliteStore::open(file, projection)->loading());
}

// A process that was killed between the last index and the word that all is loaded.
TEST_F(SqliteFiles, LoadingCanBeFinishedTwice) {
  rebuild_into(file);
  const Snapshot before = snapshot(projection, *SqliteStore::open(file, projection));
  infra::sqlite::Connection{file, infra::sqlite::Open::read_write}.execute(
      "UPDATE meta SET value = 1 WHERE key = 'loading'");
  const auto store = SqliteStore::open(file, projection);
  ASSERT_TRUE(store->loading());
  const projections::Building building{projection, *store};
  projections::rebuild({world.log, world.codec, std::span{&building, 1}});
  EXPECT_FALSE(store->loading());
  EXPECT_EQ(snapshot(projection, *store), before);
  EXPECT_TRUE(store->integrity().empty());
}

TEST_F(SqliteFiles, AnotherVersionOrProjectionIsToBeRebuilt) {
  rebuild_into(file);
  projections::Projection other = projection;
  ++other.version;
  expect_corrupt([&] { (void)SqliteStore::open(file, other); });
  for (const auto& another : projections::read_models()) {
    if (another.name == projection.name) continue;
    expect_corrupt([&] { (void)SqliteStore::open(file, another); });
  }
}

class CatalogTest : public SqliteFiles {
 protected:
  Generation build(Catalog& catalog) {
    const Generation shadow = catalog.new_shadow(projection);
    rebuild_into(shadow.file);
    return shadow;
  }
  static std::optional<std::int64_t> number(const Catalog& catalog, Standing standing) {
    const auto found = catalog.find("letzter_kontakt", standing);
    return found ? std::optional{found->number} : std::nullopt;
  }
};

TEST_F(CatalogTest, CutsOverRollsBackAndDiscards) {
  Catalog catalog{folder.path()};
  EXPECT_FALSE(catalog.cut_over(projection.name));
  const Generation first = build(catalog);
  EXPECT_EQ(first.file.filename(), "letzter_kontakt.g0001.db");
  EXPECT_TRUE(catalog.cut_over(projection.name));
  EXPECT_EQ(number(catalog, Standing::live), 1);
  EXPECT_FALSE(catalog.roll_back(projection.name));

  build(catalog);
  EXPECT_EQ(number(catalog, Standing::live), 1);
  EXPECT_EQ(number(catalog, Standing::shadow), 2);
  EXPECT_TRUE(catalog.cut_over(projection.name));
  EXPECT_EQ(number(catalog, Standing::live), 2);
  EXPECT_EQ(number(catalog, Standing::previous), 1);

  EXPECT_TRUE(catalog.roll_back(projection.name));
  EXPECT_EQ(number(catalog, Standing::live), 1);
  EXPECT_FALSE(catalog.discard(projection.name, Standing::live));
  EXPECT_TRUE(catalog.discard(projection.name, Standing::previous));
  EXPECT_FALSE(fs::exists(folder.path() / "letzter_kontakt.g0002.db"));
  EXPECT_EQ(catalog.new_shadow(projection).number, 3) << "a number is never used again";
}

TEST_F(CatalogTest, KeepsOneShadowAndOnePreviousGeneration) {
  Catalog catalog{folder.path()};
  build(catalog);
  build(catalog);
  EXPECT_FALSE(fs::exists(folder.path() / "letzter_kontakt.g0001.db"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(catalog.cut_over(projection.name));
    build(catalog);
  }
  EXPECT_EQ(catalog.list().size(), 3U);
}

// A process that was killed between the catalog's word and the removal, or in the middle of that.
TEST_F(CatalogTest, RemovesWithItsNextChangeWhatAnEarlierOneCouldNot) {
  Catalog catalog{folder.path()};
  build(catalog);
  ASSERT_TRUE(catalog.cut_over(projection.name));
  const std::vector<const char*> left = {
      "letzter_kontakt.g0009.db", "letzter_kontakt.g0010.db-wal", "timeline.g0002.db-shm"};
  for (const char* name : left) std::ofstream{folder.path() / name} << "nobody's";
  const fs::path foreign = folder.path() / "notes.db";
  std::ofstream{foreign} << "somebody's";
  build(catalog);
  for (const char* name : left) EXPECT_FALSE(fs::exists(folder.path() / name)) << name;
  EXPECT_TRUE(fs::exists(foreign));
  EXPECT_EQ(number(catalog, Standing::live), 1);
  EXPECT_TRUE(fs::exists(folder.path() / "letzter_kontakt.g0001.db"));
}

TEST_F(CatalogTest, SurvivesReopening) {
  {
    Catalog catalog{folder.path()};
    build(catalog);
    ASSERT_TRUE(catalog.cut_over(projection.name));
  }
  const Catalog catalog{folder.path()};
  EXPECT_FALSE(catalog.was_recreated());
  EXPECT_EQ(number(catalog, Standing::live), 1);
}

TEST_F(CatalogTest, AMissingOrDamagedCatalogIsMadeAgainAndNeverTakesAHalfLoadedShadowForLive) {
  for (const bool damaged : {false, true}) {
    SCOPED_TRACE(damaged);
    {
      Catalog catalog{folder.path()};
      build(catalog);
      ASSERT_TRUE(catalog.cut_over(projection.name));
      const Generation half = catalog.new_shadow(projection);
      (void)SqliteStore::create(half.file, projection, world.log.identity());
    }
    const fs::path path = folder.path() / "catalog.db";
    fs::remove(path);
    if (damaged) std::ofstream{path} << std::string(4096, 'x');
    Catalog catalog{folder.path()};
    EXPECT_TRUE(catalog.was_recreated());
    const auto live = number(catalog, Standing::live);
    const auto shadow = number(catalog, Standing::shadow);
    ASSERT_TRUE(live && shadow);
    EXPECT_EQ(*shadow, *live + 1);
    EXPECT_EQ(catalog.new_shadow(projection).number, *shadow + 1);
  }
}

}  // namespace
}  // namespace testing_projections
