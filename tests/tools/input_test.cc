#include "tools/kartei/input.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <streambuf>

#include "infra/codec/json.h"
#include "tests/tools/program.h"
#include "tools/kartei/answer.h"

namespace {

using infra::ingest::Content;
using tests::TemporaryFolder;

// "line:bytes" of every document, `|` between them.
std::string items(const std::string& file, Content content, const std::string& in = "") {
  std::istringstream input{in};
  std::string all;
  const auto take = [&](const infra::ingest::Item& item) {
    all += std::to_string(item.line) + ':' + item.bytes + '|';
    return true;
  };
  EXPECT_TRUE(kartei::read_items(file, content, {input, ""}, take));
  return all;
}

TEST(Input, AFolderMeansItsDocumentsInNameOrder) {
  const TemporaryFolder folder;
  for (const char* name : {"b.json", "a.jsonl", "c.json", "README.md", "sub/d.json"}) {
    folder.write(name, "{}");
  }
  const std::string single = folder.write("z.txt", "{}");
  const std::string base = folder.path().string();
  const std::vector<std::string> expected = {
      single, base + "/a.jsonl", base + "/b.json", base + "/c.json", "-"};
  std::istringstream none;
  EXPECT_EQ(kartei::files_of({single, base, "-"}, {none, ""}), expected);
}

TEST(Input, APathThatIsNotThereIsUsage) {
  const TemporaryFolder folder;
  std::istringstream none;
  EXPECT_THROW(static_cast<void>(kartei::files_of({folder.path() / "none.json"}, {none, ""})),
               kartei::Declined);
}

TEST(Input, ARegistrationFileIsOneDocument) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.json", "{\n  \"a\": 1\n}\n");
  EXPECT_EQ(items(file, Content::registrations), "0:{\n  \"a\": 1\n}\n|");
  EXPECT_EQ(items("-", Content::registrations, "{\"a\":1}\n"), "0:{\"a\":1}\n|");
}

TEST(Input, JsonLinesAreOneDocumentALine) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.jsonl", "{bad\n\n{}\r\n");
  EXPECT_EQ(items(file, Content::registrations), "1:{bad|3:{}\r|");
  EXPECT_EQ(items("-", Content::registrations, "{}\n{bad"), "1:{}|2:{bad|");
  EXPECT_EQ(items("-", Content::communications, "{bad\n{}"), "1:{bad|2:{}|");
}

TEST(Input, WithoutAnyDocumentIsOneEmptyDocument) {
  EXPECT_EQ(items("-", Content::registrations, ""), "0:|");
  EXPECT_EQ(items("-", Content::communications, " \n\n"), "0:|");
}

constexpr std::size_t kMost = infra::codec::kJsonBytesMax;

TEST(Input, ADocumentThatIsTooLongIsRefusedAndNamesTheLimit) {
  std::istringstream fits{std::string(kMost, ' ')};
  EXPECT_EQ(kartei::read_document("-", {fits, ""}).size(), kMost);
  std::istringstream longer{std::string(kMost + 1, ' ')};
  try {
    static_cast<void>(kartei::read_document("-", {longer, ""}));
    FAIL() << "it is taken";
  } catch (const kartei::Declined& declined) {
    EXPECT_EQ(declined.problem().code, infra::service::ProblemCode::usage);
    EXPECT_EQ(declined.problem().message,
              "- has more than 4194304 bytes, the most that a document may have");
  }
}

TEST(Input, OfALineThatIsTooLongComesJustTooMuchAndTheNextOnesCome) {
  const std::string in = "{}\n" + std::string(3 * kMost, 'x') + "\n{\"a\":1}";
  std::istringstream input{in};
  std::vector<infra::ingest::Item> all;
  const auto take = [&](infra::ingest::Item item) {
    all.push_back(std::move(item));
    return true;
  };
  EXPECT_TRUE(kartei::read_items("-", Content::registrations, {input, ""}, take));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].line, 2);
  EXPECT_EQ(all[1].bytes.size(), kMost + 1);
  EXPECT_EQ(all[2].line, 3);
  EXPECT_EQ(all[2].bytes, "{\"a\":1}");
}

TEST(Input, OfADocumentThatIsTooLongComesJustTooMuch) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.json", "\n[" + std::string(3 * kMost, ' '));
  std::istringstream none;
  std::size_t size = 0;
  EXPECT_TRUE(kartei::read_items(file, Content::registrations, {none, ""}, [&](const auto& item) {
    size = item.bytes.size();
    return true;
  }));
  EXPECT_GT(size, kMost);
  EXPECT_LT(size, kMost + 10);
}

// Zeros without an end.
class Endless final : public std::streambuf {
 protected:
  int_type underflow() override {
    setg(zeros_.data(), zeros_.data(), zeros_.data() + zeros_.size());
    return 0;
  }

 private:
  std::array<char, 65'536> zeros_{};
};

TEST(Input, ALineWithoutAnEndIsUsage) {
  Endless zeros;
  std::istream in{&zeros};
  const auto never = [](const auto&) { return false; };
  for (const Content content : {Content::registrations, Content::communications}) {
    try {
      static_cast<void>(kartei::read_items("-", content, {in, ""}, never));
      FAIL() << "it ends";
    } catch (const kartei::Declined& declined) {
      EXPECT_EQ(declined.problem().message,
                "line 1 of - has no end within 67108864 bytes; a document has 4194304 at most");
    }
  }
}

TEST(Input, ALinesPlaceIsCountedFromTheBeginning) {
  EXPECT_EQ(items("-", Content::registrations, "\n \n{}\n\n[]\n"), "3:{}|5:[]|");
  EXPECT_EQ(items("-", Content::registrations, "\n\n{\n}"), "0:\n\n{\n}|");
  EXPECT_EQ(items("-", Content::registrations, "{}\n\n \n"), "0:{}\n|");
}

TEST(Input, EndsWhenTheReceiverHasEnough) {
  std::istringstream input{"{}\n{}\n{}\n"};
  int count = 0;
  EXPECT_FALSE(kartei::read_items(
      "-", Content::communications, {input, ""}, [&](const auto&) { return ++count < 2; }));
  EXPECT_EQ(count, 2);
}

}  // namespace
