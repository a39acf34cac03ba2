#include "infra/gcs/import_bucket.h"

#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "tests/domain/given.h"
#include "tests/domain/writer_world.h"
#include "tests/outgoing/played.h"

namespace {

using infra::gcs::ImportBucket;
using infra::ingest::Arrival;
using infra::ingest::Shelf;
using Lines = std::vector<std::string>;

std::string object(const std::string& name, const std::string& generation) {
  return R"({"name":")" + name + R"(","size":"2","timeCreated":"2026-02-01T09:00:00Z",)" +
         R"("md5Hash":"abc","generation":")" + generation + "\"}";
}

// A bucket "in/box" that the test plays, and the arrival `a.json`, generation 7.
class ImportBucketTest : public ::testing::Test {
 protected:
  std::vector<std::string> listed(Shelf shelf) {
    std::vector<std::string> names;
    bucket.list(shelf, [&](const Arrival& one) { names.push_back(one.name); });
    return names;
  }
  std::string why_not_listed() {
    try {
      listed(Shelf::arrived);
    } catch (const core::Broken& broken) {
      return broken.what();
    }
    return "";
  }

  testing_outgoing::Played server;
  infra::outgoing::Client client;
  tests::ManualClock clock{tests::kNow};
  int tokens = 0;
  infra::gcs::Credentials credentials{[this] {
                                        return infra::gcs::AccessToken{
                                            "token" + std::to_string(++tokens),
                                            std::chrono::seconds{3600}};
                                      },
                                      clock};
  ImportBucket bucket{{server.url() + '/', "in/box", client, &credentials}};
  const Arrival a{"a.json", 2, *core::parse_timestamp("2026-02-01T09:00:00Z"), "7"};
  const std::string root = "/storage/v1/b/in%2Fbox/o";
  const std::string fields = "?fields=name,size,timeCreated,generation,md5Hash";
  const std::string find = "GET " + root + "/a.json" + fields;
  const std::string find_there = "GET " + root + "/processed%2Fa.json" + fields;
  const std::string copy = "POST " + root + "/a.json/copyTo/b/in%2Fbox/o/processed%2Fa.json" +
                           "?ifGenerationMatch=0&sourceGeneration=7&ifSourceGenerationMatch=7";
  const std::string remove = "DELETE " + root + "/a.json?generation=7&ifGenerationMatch=7";
};

TEST_F(ImportBucketTest, ListsEveryPageOfTheRoot) {
  server.answers(200, R"({"items":[)" + object("a.json", "7") + R"(],"nextPageToken":"x/y="})");
  server.answers(200, R"({"items":[)" + object("b.txt", "8") + R"(],"nextPageToken":"z"})");
  server.answers(200, R"({"items":[)" + object("c.json", "9") + "]}");
  EXPECT_EQ(listed(Shelf::arrived), (Lines{"a.json", "c.json"}));
  const std::string first = "GET " + root +
                            "?maxResults=500&delimiter=%2F&prefix=&fields=nextPageToken,items(" +
                            fields.substr(8) + ')';
  EXPECT_EQ(server.lines(), (Lines{first, first + "&pageToken=x%2Fy%3D", first + "&pageToken=z"}));
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Bearer token1");
  EXPECT_EQ(tokens, 1);
}

TEST_F(ImportBucketTest, ListsWhatWasProcessedByItsNameThere) {
  server.answers(200, R"({"items":[)" + object("processed/a.json", "7") + "]}");
  EXPECT_EQ(listed(Shelf::processed), (Lines{"a.json"}));
}

TEST_F(ImportBucketTest, AsksForAnotherTokenOnceWhenOneIsRefused) {
  server.answers(401);
  server.answers(200);
  EXPECT_TRUE(listed(Shelf::arrived).empty());
  EXPECT_EQ(server.requests().at(1).header("Authorization"), "Bearer token2");
  server.answers(401);
  server.answers(401);
  EXPECT_EQ(why_not_listed(), "the import bucket cannot be listed: HTTP status 401");
}

TEST_F(ImportBucketTest, IsBrokenWhenTheServiceSaysNo) {
  for (const int status : {400, 403, 404, 429, 500, 503}) {
    server.answers(status, "a.json is not yours");
    EXPECT_EQ(why_not_listed(),
              "the import bucket cannot be listed: HTTP status " + std::to_string(status));
  }
  for (const std::string body : {"",
                                 "{",
                                 R"({"items":[{}]})",
                                 R"({"items":[{"name":"a.json"}]})",
                                 R"({"items":[{"name":"a","generation":"1","size":"x",)"
                                 R"("timeCreated":"2026-02-01T09:00:00Z"}]})",
                                 R"({"items":[{"name":"a","generation":"1","size":"2x",)"
                                 R"("timeCreated":"2026-02-01T09:00:00Z"}]})"}) {
    SCOPED_TRACE(body);
    server.answers(200, body);
    EXPECT_TRUE(why_not_listed().starts_with("the import bucket cannot be listed: the answer "));
  }
}

TEST_F(ImportBucketTest, ReadsTheGenerationThatWasListed) {
  server.answers(200, "{}");
  EXPECT_EQ(bucket.read(a), "{}");
  EXPECT_EQ(server.lines(),
            (Lines{"GET " + root + "/a.json?alt=media&generation=7&ifGenerationMatch=7"}));
  for (const int status : {404, 412}) {
    server.answers(status);
    EXPECT_EQ(bucket.read(a), std::nullopt);
  }
  server.answers(503);
  EXPECT_THROW(static_cast<void>(bucket.read(a)), core::Broken);
}

TEST_F(ImportBucketTest, MovesByACopyAndARemovalOfThatGeneration) {
  server.answers(200, object("a.json", "7"));
  server.answers(404);
  server.answers(200, object("processed/a.json", "8"));
  server.answers(204, "");
  EXPECT_TRUE(bucket.accept(a));
  EXPECT_EQ(server.lines(), (Lines{find, find_there, copy, remove}));
}

TEST_F(ImportBucketTest, LosesNoCopyWhenTheFileIsAnotherOneOrGoneMeanwhile) {
  for (const int status : {412, 404}) {  // 404: somebody else has moved it, maybe to this copy.
    server.answers(200, object("a.json", "7"));
    server.answers(404);
    server.answers(200, object("processed/a.json", "8"));
    server.answers(status);
    EXPECT_FALSE(bucket.accept(a));
    EXPECT_EQ(server.lines().back(), remove);
  }
}

TEST_F(ImportBucketTest, DoesNothingWhenAnotherFileHasComeBeforeTheCopy) {
  server.answers(200, object("a.json", "7"));
  server.answers(404);
  server.answers(412);
  server.answers(200, object("a.json", "9"));
  EXPECT_FALSE(bucket.accept(a));
  EXPECT_EQ(server.lines(), (Lines{find, find_there, copy, find}));
}

TEST_F(ImportBucketTest, MakesNoSecondCopyWhenTheRemovalWasLost) {
  server.answers(200, object("a.json", "7"));
  server.answers(200, object("processed/a.json", "8"));
  server.answers(204, "");
  EXPECT_TRUE(bucket.accept(a));
  EXPECT_EQ(server.lines(), (Lines{find, find_there, remove}));
}

TEST_F(ImportBucketTest, TakesItsReasonBackWhenTheFileIsAnotherOne) {
  server.answers(200, object("a.json", "7"));
  server.answers(404);
  server.answers(404);
  server.answers(200, object("failed/a.json.reason.json", "8"));
  server.answers(412);
  server.answers(204, "");
  server.answers(200, object("a.json", "9"));
  EXPECT_FALSE(bucket.reject(a, "why"));
  EXPECT_EQ(server.lines().at(3),
            "POST /upload/storage/v1/b/in%2Fbox/o?uploadType=media&ifGenerationMatch=0&name="
            "failed%2Fa.json.reason.json");
  EXPECT_EQ(server.requests().at(3).body, "why");
  EXPECT_EQ(server.lines().at(5),
            "DELETE " + root + "/failed%2Fa.json.reason.json?generation=8&ifGenerationMatch=8");
}

TEST_F(ImportBucketTest, TriesTheNextNameWhenAReasonHasComeMeanwhile) {
  server.answers(200, object("a.json", "7"));
  server.answers(404);
  server.answers(404);
  server.answers(412);
  server.answers(200, object("a.json", "7"));
  server.answers(404);
  server.answers(404);
  server.answers(200, object("failed/a.2.json.reason.json", "8"));
  server.answers(200, object("failed/a.2.json", "9"));
  server.answers(204, "");
  EXPECT_TRUE(bucket.reject(a, "why"));
  EXPECT_EQ(server.lines().back(), remove);
  EXPECT_EQ(server.requests().size(), 10U);
}

}  // namespace
