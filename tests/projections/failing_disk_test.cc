#include "tests/logs/failing_disk.h"

#include <gtest/gtest.h>

#include "infra/read_models/sqlite_store.h"
#include "projections/contacts/contacts.h"
#include "projections/directory/directory.h"
#include "projections/rebuild.h"
#include "tests/projections/scratch_folder.h"
#include "tests/projections/world.h"

// A read model whose disk fails at each of its operations: when the disk is well again the rows are
// those of the log, whatever was half done.
namespace testing_projections {
namespace {

using infra::read_models::SqliteStore;
using projections::Building;
using projections::Projection;
using testing_logs::DiskFault;
using testing_logs::FailingDisk;

constexpr DiskFault kFaults[] = {
    DiskFault::write_fails, DiskFault::write_tears, DiskFault::disk_full, DiskFault::sync_fails};
constexpr std::int64_t kOperationsMax = 2000;

class FailingReadModel : public ::testing::Test {
 protected:
  FailingReadModel() {
    FailingDisk::heal();
    world.act_many(60, true);
  }
  ~FailingReadModel() override { FailingDisk::heal(); }

  [[nodiscard]] std::unique_ptr<SqliteStore> create(const Projection& projection) const {
    return SqliteStore::create(file, projection, world.log.identity());
  }
  void build(const Projection& projection, SqliteStore& store) {
    const Building building{projection, store};
    projections::rebuild({world.log, world.codec, std::span{&building, 1}});
  }
  // As whoever finds the file later does: what is damaged is made anew, the rest goes on.
  void mend(const Projection& projection) {
    std::unique_ptr<SqliteStore> store;
    try {
      store = SqliteStore::open(file, projection);
    } catch (const core::Broken& broken) {
      ASSERT_EQ(broken.kind(), core::Breakage::corrupt) << broken.what();
      store = create(projection);
    }
    build(projection, *store);  // Also brings a loaded one to the head.
    EXPECT_TRUE(store->integrity().empty());
    EXPECT_EQ(snapshot(projection, *store), world.expected(projection));
  }
  // `act` with a fault at each operation in turn, until there is no such operation any more.
  template <class Prepare, class Act>
  void at_each_operation(const Projection& projection, const Prepare& prepare, const Act& act) {
    for (const DiskFault fault : kFaults) {
      for (const bool lasting : {false, true}) {
        bool struck = true;
        std::int64_t nth = 0;
        while (struck && ++nth < kOperationsMax) {
          SCOPED_TRACE(testing::Message()
                       << projection.name << ": fault " << static_cast<int>(fault) << " at " << nth
                       << (lasting ? ", lasting" : ", once"));
          prepare();
          FailingDisk::plan(fault, nth, lasting);
          try {
            act();
          } catch (const core::Broken&) {
            EXPECT_TRUE(FailingDisk::struck());
          }
          struck = FailingDisk::struck();
          FailingDisk::heal();
          mend(projection);
          if (HasFailure()) return;
        }
        EXPECT_GT(nth, 1) << "no such operation at all";
        EXPECT_LT(nth, kOperationsMax);
      }
    }
  }

  World world{11, 12};
  ScratchFolder folder;
  std::filesystem::path file = folder.path() / "store.db";
};

TEST_F(FailingReadModel, ARebuildComesToTheRowsOfTheLogWhicheverOperationFails) {
  for (const Projection& projection :
       {projections::directory_projection(), projections::contacts_projection()}) {
    at_each_operation(
        projection, [] {}, [&] { build(projection, *create(projection)); });
  }
}

TEST_F(FailingReadModel, AWorkerComesToTheRowsOfTheLogWhicheverOperationFails) {
  for (const Projection& projection :
       {projections::directory_projection(), projections::contacts_projection()}) {
    const auto prepare = [&] { create(projection)->finish_loading(); };
    at_each_operation(projection, prepare, [&] {
      const auto store = SqliteStore::open(file, projection);
      projections::Worker{{world.log, world.codec, projection, *store}}.catch_up(9);
    });
  }
}

}  // namespace
}  // namespace testing_projections
