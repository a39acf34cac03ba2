#include "tests/logs/failing_disk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/core/broken.h"
#include "tests/logs/story.h"

namespace testing_logs {
namespace {

constexpr DiskFault kFaults[] = {
    DiskFault::write_fails, DiskFault::write_tears, DiskFault::disk_full, DiskFault::sync_fails};
constexpr std::int64_t kOperationsMax = 1000;

// What a program was told about the chapters it appended.
struct Told {
  std::vector<std::int64_t> committed;
  std::vector<std::int64_t> refused;
  std::vector<std::int64_t> unknown;
};

// The promises that bind a log that is opened after the fault.
void expect_honest(const ports::Log& log, const Told& told) {
  const Contents contents = contents_of(log);
  EXPECT_TRUE(contents.wrong.empty()) << "half of " << contents.wrong.front();
  const auto holds = [&](std::int64_t number) {
    return std::binary_search(contents.chapters.begin(), contents.chapters.end(), number);
  };
  for (const auto number : told.committed) EXPECT_TRUE(holds(number)) << "committed " << number;
  for (const auto number : told.refused) EXPECT_FALSE(holds(number)) << "refused " << number;
}

void expect_honest(StoryFolder& folder, const Told& told) {
  const auto log = folder.open();
  expect_honest(*log, told);
  EXPECT_TRUE(log->check().empty()) << log->check().front();
}

class FailingDiskTest : public ::testing::Test {
 protected:
  ~FailingDiskTest() override { FailingDisk::heal(); }
};

// Appends with the fault on the way; false: it never struck. After the fault the disk is looked at
// three times: through the log that met it, as a killed process would leave it, and opened again.
bool append_through(StoryFolder& folder, DiskFault fault, std::int64_t nth, bool lasting) {
  Told told;
  bool struck = false;
  auto log = folder.open();
  auto writer = log->open_writer("");
  FailingDisk::plan(fault, nth, lasting);
  for (std::int64_t number = 0; number < 5 && writer; ++number) {
    try {
      const ports::Appended outcome = writer->append(chapter(number));
      if (std::holds_alternative<ports::Committed>(outcome)) told.committed.push_back(number);
      if (std::holds_alternative<ports::Unknown>(outcome)) {
        told.unknown.push_back(number);
        EXPECT_TRUE(std::holds_alternative<ports::Fenced>(writer->append(chapter(99))));
        writer.reset();
      }
    } catch (const core::Broken&) {
      told.refused.push_back(number);
    }
    StoryFolder killed{folder.path()};
    if (!FailingDisk::struck()) continue;
    struck = true;
    FailingDisk::heal();
    expect_honest(killed, told);
    FailingDisk::plan(lasting ? fault : DiskFault::none, 1, true);
  }
  if (!lasting && struck) {
    writer = log->open_writer("");
    const auto decided = contents_of(*log).chapters;
    expect_honest(*log, told);
    FailingDisk::heal();
    StoryFolder killed{folder.path()};
    EXPECT_EQ(contents_of(*killed.open()).chapters, decided) << "decided, then otherwise";
    EXPECT_FALSE(append(*writer, chapter(50)).empty());
    told.committed.push_back(50);
  }
  writer.reset();
  log.reset();
  struck = struck || FailingDisk::struck();
  FailingDisk::heal();
  expect_honest(folder, told);
  return struck;
}

TEST_F(FailingDiskTest, TheLogIsWhatItSaidWhicheverOperationFails) {
  for (const DiskFault fault : kFaults) {
    for (const bool lasting : {false, true}) {
      bool struck = true;
      std::int64_t nth = 0;
      while (struck && ++nth < kOperationsMax) {
        SCOPED_TRACE(testing::Message() << "fault " << static_cast<int>(fault) << " at " << nth
                                        << (lasting ? ", lasting" : ", once"));
        StoryFolder folder;
        FailingDisk::heal();
        struck = append_through(folder, fault, nth, lasting);
        if (HasFailure()) return;
      }
      EXPECT_LT(nth, kOperationsMax);
    }
  }
}

}  // namespace
}  // namespace testing_logs
