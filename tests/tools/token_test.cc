#include <gtest/gtest.h>

#include "infra/access/tokens.h"
#include "tests/tools/program.h"

namespace {

using infra::access::Identity;
using infra::access::Role;
using infra::access::Tokens;
using tests::Program;

// What stands between `begin` and the end of its line.
std::string behind(const std::string& text, const std::string& begin) {
  const std::size_t at = text.find(begin);
  if (at == std::string::npos) return "";
  return text.substr(at + begin.size(), text.find('\n', at + begin.size()) - at - begin.size());
}

TEST(Token, IsTakenByAServiceThatHasItsLine) {
  const Program program;
  const auto ran = program.run({"token", "Empfang", "clerk", "--expires", "2027-01-31"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  const std::string token = behind(ran.out, "only this once:\n  ");
  const std::string line = behind(ran.out, "--tokens names:\n  ");
  const auto file = program.folder().write("tokens", "# made today\n" + line + '\n');
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const auto tokens = Tokens::read(file);
  ASSERT_TRUE(tokens) << tokens.error();
  EXPECT_EQ(tokens.value().find(token, *core::parse_timestamp("2027-01-31T12:00:00Z")),
            (Identity{"Empfang", Role::clerk}));
  EXPECT_FALSE(program.has_data());
}

TEST(Token, IsOneDocumentWithJson) {
  const auto ran = Program{}.run({"--json", "token", "monitor", "operator"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.out.starts_with(R"({"ok":true,"data":{"token":"kt_)")) << ran.out;
  EXPECT_NE(ran.out.find(R"("line":"{\"name\":\"monitor\",\"role\":\"operator\",\"sha256\":\")"),
            std::string::npos)
      << ran.out;
}

TEST(Token, IsRefusedForWhatIsNoNameRoleOrDay) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"token", "", "clerk"}, "NAME is 1 to 100 printable characters"},
      {{"token", "a\nb", "clerk"}, "NAME is 1 to 100 printable characters"},
      {{"token", "a", "Canary"}, "ROLE is reader, clerk or operator"},
      {{"token", "a", "clerk", "--expires", "Canary"}, "--expires is a day such as 2026-01-31"},
      {{"token", "a", "clerk", "--expires", "2026-02-30"}, "--expires is a day such as 2026-01-31"},
  };
  for (const auto& [line, why] : cases) {
    const auto ran = Program{}.run(line);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err, "kartei: usage: " + why + '\n');
  }
}

}  // namespace
