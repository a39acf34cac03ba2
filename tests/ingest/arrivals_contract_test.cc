#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "domain/core/text.h"
#include "infra/gcs/import_bucket.h"
#include "infra/ingest/import_folder.h"
#include "tests/domain/writer_world.h"
#include "tests/gcs/emulator.h"
#include "tests/ingest/memory_arrivals.h"
#include "tests/projections/scratch_folder.h"

// What every place for arriving files promises.
namespace {

namespace fs = std::filesystem;
using infra::ingest::Arrival;
using infra::ingest::Arrivals;
using infra::ingest::Shelf;

// A place as those see it who leave files there and look after it.
class Place {
 public:
  virtual ~Place() = default;
  virtual Arrivals& arrivals() = 0;
  virtual void put(const std::string& name, const std::string& bytes) = 0;
  virtual std::map<std::string, std::string> files(Shelf shelf) = 0;
};

class InMemory final : public Place {
 public:
  Arrivals& arrivals() override { return arrivals_; }
  void put(const std::string& name, const std::string& bytes) override {
    arrivals_.put(name, bytes);
  }
  std::map<std::string, std::string> files(Shelf shelf) override {
    std::map<std::string, std::string> all;
    for (const auto& [name, file] : arrivals_.on(shelf)) all.emplace(name, file.bytes);
    return all;
  }

 private:
  tests::ManualClock clock_{core::Timestamp{}};
  tests::MemoryArrivals arrivals_{clock_};
};

class InAFolder final : public Place {
 public:
  Arrivals& arrivals() override { return arrivals_; }
  // A new file each time, as an upload makes it.
  void put(const std::string& name, const std::string& bytes) override {
    const fs::path made = folder_.path() / "made";
    std::ofstream{made, std::ios::binary} << bytes;
    fs::rename(made, folder_.path() / name);
  }
  std::map<std::string, std::string> files(Shelf shelf) override {
    fs::path folder = folder_.path();
    if (shelf != Shelf::arrived) folder /= shelf == Shelf::processed ? "processed" : "failed";
    std::map<std::string, std::string> all;
    if (!fs::exists(folder)) return all;
    for (const auto& entry : fs::directory_iterator{folder}) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in{entry.path(), std::ios::binary};
      std::stringstream bytes;
      bytes << in.rdbuf();
      all.emplace(entry.path().filename().string(), bytes.str());
    }
    return all;
  }

 private:
  testing_projections::ScratchFolder folder_;
  infra::ingest::ImportFolder arrivals_{folder_.path()};
};

class InABucket final : public Place {
 public:
  Arrivals& arrivals() override { return arrivals_; }
  void put(const std::string& name, const std::string& bytes) override {
    emulator_.put(bucket_, name, bytes);
  }
  std::map<std::string, std::string> files(Shelf shelf) override {
    if (shelf == Shelf::arrived) return emulator_.objects(bucket_, "");
    return emulator_.objects(bucket_, shelf == Shelf::processed ? "processed/" : "failed/");
  }

 private:
  testing_gcs::Emulator& emulator_ = testing_gcs::Emulator::shared();
  const std::string bucket_ = emulator_.make_bucket();
  infra::outgoing::Client client_;
  infra::gcs::ImportBucket arrivals_{{emulator_.url(), bucket_, client_, nullptr}};
};

using Files = std::map<std::string, std::string>;
using MakePlace = std::function<std::unique_ptr<Place>()>;
class ArrivalsContract : public ::testing::TestWithParam<MakePlace> {
 protected:
  std::map<std::string, Arrival> listed(Shelf shelf) {
    std::map<std::string, Arrival> all;
    place->arrivals().list(shelf, [&](const Arrival& one) { all.emplace(one.name, one); });
    return all;
  }
  Arrival arrived(const std::string& name) { return listed(Shelf::arrived).at(name); }
  bool accept(const std::string& name) { return place->arrivals().accept(arrived(name)); }
  bool reject(const std::string& name, const std::string& reason) {
    return place->arrivals().reject(arrived(name), reason);
  }
  std::unique_ptr<Place> place = GetParam()();
};

TEST_P(ArrivalsContract, ListsDocumentsWithTheirSizes) {
  EXPECT_TRUE(listed(Shelf::arrived).empty());
  EXPECT_TRUE(listed(Shelf::processed).empty());
  place->put("b.json", "{}");
  place->put("a.json", "");
  place->put("a.json.part", "{}");
  place->put(".hidden.json", "{}");
  place->put("readme.txt", "{}");
  const auto all = listed(Shelf::arrived);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at("a.json").bytes, 0);
  EXPECT_EQ(all.at("b.json").bytes, 2);
}

TEST_P(ArrivalsContract, ReadsWhatWasListed) {
  const std::string bytes{"{\"a\": \"\0\xff\"}", 12};
  place->put("a.json", bytes);
  EXPECT_EQ(place->arrivals().read(arrived("a.json")), bytes);
  EXPECT_EQ(listed(Shelf::arrived), listed(Shelf::arrived));
}

TEST_P(ArrivalsContract, KnowsAFileThatIsAnotherOneNow) {
  place->put("a.json", "one");
  const Arrival old = arrived("a.json");
  place->put("a.json", "two");
  EXPECT_NE(arrived("a.json").version, old.version);
  EXPECT_EQ(place->arrivals().read(old), std::nullopt);
  EXPECT_FALSE(place->arrivals().accept(old));
  EXPECT_FALSE(place->arrivals().reject(old, "why"));
  EXPECT_EQ(place->files(Shelf::arrived), (Files{{"a.json", "two"}}));
  EXPECT_TRUE(place->files(Shelf::processed).empty());
  EXPECT_TRUE(place->files(Shelf::failed).empty());
}

TEST_P(ArrivalsContract, KnowsAFileThatIsGone) {
  place->put("a.json", "one");
  const Arrival gone = arrived("a.json");
  ASSERT_TRUE(accept("a.json"));
  EXPECT_EQ(place->arrivals().read(gone), std::nullopt);
  EXPECT_FALSE(place->arrivals().accept(gone));
  EXPECT_FALSE(place->arrivals().reject(gone, "why"));
  EXPECT_EQ(place->files(Shelf::processed), (Files{{"a.json", "one"}}));
  EXPECT_TRUE(place->files(Shelf::failed).empty());
}

TEST_P(ArrivalsContract, OverwritesNothing) {
  for (const std::string bytes : {"one", "two", "three"}) {
    place->put("a.json", bytes);
    ASSERT_TRUE(accept("a.json"));
    place->put("a.json", bytes);
    ASSERT_TRUE(reject("a.json", "not " + bytes));
  }
  EXPECT_TRUE(place->files(Shelf::arrived).empty());
  EXPECT_EQ(place->files(Shelf::processed),
            (Files{{"a.json", "one"}, {"a.2.json", "two"}, {"a.3.json", "three"}}));
  EXPECT_EQ(place->files(Shelf::failed),
            (Files{{"a.json", "one"},
                   {"a.json.reason.json", "not one"},
                   {"a.2.json", "two"},
                   {"a.2.json.reason.json", "not two"},
                   {"a.3.json", "three"},
                   {"a.3.json.reason.json", "not three"}}));
}

TEST_P(ArrivalsContract, DoesNotTakeAReasonForAnotherFilesReason) {
  place->put("a.json.reason.json", "{}");
  ASSERT_TRUE(reject("a.json.reason.json", "one"));
  place->put("a.json", "{}");
  ASSERT_TRUE(reject("a.json", "two"));
  EXPECT_EQ(place->files(Shelf::failed).at("a.2.json.reason.json"), "two");
}

TEST_P(ArrivalsContract, PutsAwayTheLongestNames) {
  std::string name;
  while (name.size() + 7 <= 255) name += "ü";
  name += ".json";
  place->put(name, "{}");
  ASSERT_TRUE(reject(name, "why"));
  for (const auto& [shelved, bytes] : place->files(Shelf::failed)) {
    EXPECT_LE(shelved.size(), 255U);
    EXPECT_TRUE(core::count_characters(shelved).has_value());
  }
  EXPECT_EQ(place->files(Shelf::failed).size(), 2U);
}

TEST_P(ArrivalsContract, TakesAnyNameAsItIs) {
  const std::string name = "ü ?a=b&c#d%2F+\"\\';:@$,[]{}|^~.json";
  place->put(name, "{}");
  EXPECT_EQ(place->arrivals().read(arrived(name)), "{}");
  ASSERT_TRUE(accept(name));
  EXPECT_TRUE(place->files(Shelf::arrived).empty());
  EXPECT_EQ(place->files(Shelf::processed), (Files{{name, "{}"}}));
}

TEST_P(ArrivalsContract, RemovesWhatWasProcessed) {
  place->put("a.json", "one");
  place->put("b.json", "two");
  ASSERT_TRUE(accept("a.json"));
  ASSERT_TRUE(accept("b.json"));
  const Arrival a = listed(Shelf::processed).at("a.json");
  place->arrivals().remove_processed(a);
  place->arrivals().remove_processed(a);
  EXPECT_EQ(place->files(Shelf::processed), (Files{{"b.json", "two"}}));
}

const MakePlace kMemory = [] { return std::make_unique<InMemory>(); };
const MakePlace kFolder = [] { return std::make_unique<InAFolder>(); };
const MakePlace kBucket = [] { return std::make_unique<InABucket>(); };
INSTANTIATE_TEST_SUITE_P(Bucket, ArrivalsContract, ::testing::Values(kBucket));
INSTANTIATE_TEST_SUITE_P(Memory, ArrivalsContract, ::testing::Values(kMemory));
INSTANTIATE_TEST_SUITE_P(Folder, ArrivalsContract, ::testing::Values(kFolder));

}  // namespace
