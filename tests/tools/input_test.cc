#include "tools/kartei/input.h"

#include <gtest/gtest.h>

#include <sstream>

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

TEST(Input, EndsWhenTheReceiverHasEnough) {
  std::istringstream input{"{}\n{}\n{}\n"};
  int count = 0;
  EXPECT_FALSE(kartei::read_items(
      "-", Content::communications, {input, ""}, [&](const auto&) { return ++count < 2; }));
  EXPECT_EQ(count, 2);
}

}  // namespace
