#include "infra/access/live_tokens.h"

#include <gtest/gtest.h>

#include "domain/core/broken.h"
#include "infra/codec/digest.h"
#include "tests/access/scratch.h"

namespace {

using infra::access::Identity;
using infra::access::LiveTokens;
using infra::access::Role;
using std::chrono::milliseconds;
using testing_access::Scratch;

const core::Timestamp kNow = *core::parse_timestamp("2026-02-01T09:00:00Z");

std::string line(const std::string& name, const std::string& token) {
  return R"({"name":")" + name + R"(","role":"clerk","sha256":")" +
         infra::codec::sha256_hex(token) + "\"}\n";
}

class ATokensFile : public ::testing::Test {
 protected:
  // Puts another file in its place, as an editor does.
  void replace(const std::string& bytes) const {
    std::filesystem::rename(folder_.write("new", bytes), file_);
  }
  // The next sentence to the operator.
  std::string told() {
    std::unique_lock lock{mutex_};
    const bool came =
        came_.wait_for(lock, std::chrono::seconds{60}, [this] { return !told_.empty(); });
    if (!came) return "nothing";
    std::string first = std::move(told_.front());
    told_.erase(told_.begin());
    return first;
  }

  Scratch folder_;
  const std::filesystem::path file_ = folder_.write("tokens", line("desk", "kt_1"));
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> told_;
  LiveTokens tokens_{file_,
                     [this](std::string_view sentence) {
                       const std::lock_guard lock{mutex_};
                       told_.emplace_back(sentence);
                       came_.notify_all();
                     },
                     milliseconds{1}};
};

TEST_F(ATokensFile, ThatIsAnotherOneTakesThePlaceOfTheFirst) {
  EXPECT_EQ(tokens_.find("kt_1", kNow), (Identity{"desk", Role::clerk}));
  replace(line("desk", "kt_2") + line("ward", "kt_3"));
  EXPECT_EQ(told(), file_.string() + " was read again; known tokens: 2");
  EXPECT_EQ(tokens_.find("kt_1", kNow), std::nullopt);
  EXPECT_EQ(tokens_.find("kt_2", kNow), (Identity{"desk", Role::clerk}));
  EXPECT_EQ(tokens_.find("kt_3", kNow), (Identity{"ward", Role::clerk}));
}

TEST_F(ATokensFile, ThatIsBrokenLeavesTheTokensAsTheyWereAndIsSaidOnce) {
  replace(line("desk", "kt_2") + "{\n");
  EXPECT_EQ(
      told(),
      file_.string() + ":2: is no JSON object; the tokens that were known before stay in force");
  EXPECT_EQ(tokens_.find("kt_1", kNow), (Identity{"desk", Role::clerk}));
  EXPECT_EQ(tokens_.find("kt_2", kNow), std::nullopt);
  replace(line("desk", "kt_3"));  // What is said next is of this one.
  EXPECT_EQ(told(), file_.string() + " was read again; known tokens: 1");
  EXPECT_EQ(tokens_.find("kt_3", kNow), (Identity{"desk", Role::clerk}));
}

TEST_F(ATokensFile, ThatIsGoneLeavesTheTokensAsTheyWere) {
  std::filesystem::remove(file_);
  EXPECT_NE(told().find("cannot be read"), std::string::npos);
  EXPECT_EQ(tokens_.find("kt_1", kNow), (Identity{"desk", Role::clerk}));
}

TEST_F(ATokensFile, ThatOthersMayWriteFromNowOnIsRefused) {
  using std::filesystem::perms;
  std::filesystem::permissions(file_, perms::group_write, std::filesystem::perm_options::add);
  EXPECT_NE(told().find("chmod go-w"), std::string::npos);
}

TEST(LiveTokens, AreNotWithoutAFileAtTheBeginning) {
  const Scratch folder;
  EXPECT_THROW((LiveTokens{folder / "none", [](std::string_view) {}}), core::Broken);
}

}  // namespace
