#include "infra/access/tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "infra/codec/digest.h"
#include "infra/runtime/ids.h"
#include "tests/access/scratch.h"

namespace {

using infra::access::Identity;
using infra::access::new_token;
using infra::access::read_own_token;
using infra::access::Role;
using infra::access::Tokens;
using infra::codec::sha256_hex;
using testing_access::Scratch;

const core::Timestamp kNow = *core::parse_timestamp("2026-02-01T09:00:00Z");

std::string line(const std::string& name, const std::string& role, const std::string& token) {
  return R"({"name":")" + name + R"(","role":")" + role + R"(","sha256":")" + sha256_hex(token) +
         "\"}\n";
}

Tokens tokens_of(const std::string& bytes) {
  const Scratch folder;
  auto tokens = Tokens::read(folder.write("tokens", bytes));
  EXPECT_TRUE(tokens) << tokens.error();
  return std::move(tokens).value();
}

// What stands behind the name of the file in the refusal of these bytes.
std::string refusal_of(const std::string& bytes) {
  const Scratch folder;
  const auto path = folder.write("tokens", bytes);
  const auto tokens = Tokens::read(path);
  if (tokens) return "";
  EXPECT_TRUE(tokens.error().starts_with(path.string())) << tokens.error();
  return tokens.error().substr(path.string().size());
}

TEST(Tokens, AreFoundByTheTokenAndNothingElse) {
  const Tokens tokens =
      tokens_of("# who may\n\n" + line("Empfang", "clerk", "kt_1") +
                line("monitor", "reader", "kt_2") + "  \r\n" + line("Aßling", "operator", "kt_3"));
  EXPECT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens.find("kt_1", kNow), (Identity{"Empfang", Role::clerk}));
  EXPECT_EQ(tokens.find("kt_2", kNow), (Identity{"monitor", Role::reader}));
  EXPECT_EQ(tokens.find("kt_3", kNow), (Identity{"Aßling", Role::operator_}));
  for (const std::string& wrong : {std::string{},
                                   std::string{"kt_"},
                                   std::string{"kt_11"},
                                   std::string{"KT_1"},
                                   std::string{" kt_1"},
                                   std::string{"kt_4"},
                                   sha256_hex("kt_1")}) {
    EXPECT_EQ(tokens.find(wrong, kNow), std::nullopt) << wrong;
  }
}

TEST(Tokens, HoldThroughTheDayOnWhichTheyExpire) {
  const Tokens tokens =
      tokens_of(R"({"expires":"2026-02-01","name":"a","role":"clerk","sha256":")" +
                sha256_hex("kt_1") + "\"}");
  EXPECT_TRUE(tokens.find("kt_1", kNow));
  EXPECT_TRUE(tokens.find("kt_1", *core::parse_timestamp("2026-02-01T23:59:59.999999Z")));
  EXPECT_FALSE(tokens.find("kt_1", *core::parse_timestamp("2026-02-02T00:00:00Z")));
}

TEST(Tokens, MayBeSeveralForOneNameSoThatTheyCanBeChanged) {
  const Tokens tokens = tokens_of(line("a", "clerk", "old") + line("a", "clerk", "new"));
  EXPECT_EQ(tokens.find("old", kNow), tokens.find("new", kNow));
}

TEST(Tokens, AreRefusedWithTheLineAndNothingOfIt) {
  const std::string fine = line("fine", "clerk", "kt_fine");
  const std::string digest = sha256_hex("kt_x");
  const std::string rest = R"(","role":"clerk","sha256":")" + digest + "\"}";
  const std::pair<std::string, std::string> cases[] = {
      {"Canary", "is no JSON object"},
      {"[\"Canary\"]", "is no JSON object"},
      {fine.substr(0, fine.size() - 1) + fine, "is no JSON object"},
      {R"({"name":"Canary","name":"Canary)" + rest, "is no JSON object"},
      {R"({"Canary":1,"name":"a)" + rest, "has a key that is none of name, role, sha256, expires"},
      {R"({"name":"Canary","role":"clerk"})", "has no text sha256"},
      {R"({"name":7,"role":"clerk","sha256":"Canary"})", "has no text name"},
      {R"({"name":"Canary","sha256":"Canary"})", "has no text role"},
      {R"({"name":")" + rest, "has a name that is not 1 to 100 printable characters"},
      {R"({"name":"Canary\n)" + rest, "has a name that is not 1 to 100 printable characters"},
      {R"({"name":"Canary","role":"Canary","sha256":""})",
       "has a role that is none of reader, clerk, operator"},
      {R"({"name":"Canary","role":"clerk","sha256":"Canary"})",
       "has a sha256 that is not 64 lower-case hex digits"},
      {R"({"name":"Canary","role":"clerk","sha256":"A)" + digest.substr(1) + "\"}",
       "has a sha256 that is not 64 lower-case hex digits"},
      {R"({"expires":"Canary","name":"a)" + rest, "expires on no day such as 2027-01-31"},
      {R"({"expires":"2026-02-30","name":"a)" + rest, "expires on no day such as 2027-01-31"},
      {R"({"expires":null,"name":"a)" + rest, "has no text expires"},
      {line("Canary", "clerk", "kt_fine"), "has a token that an earlier line has"},
      {line("fine", "operator", "kt_y"), "gives another role to a name of an earlier line"},
  };
  for (const auto& [wrong, why] : cases) {
    SCOPED_TRACE(wrong);
    const std::string refusal = refusal_of("# comment\n" + fine + wrong + "\n");
    EXPECT_EQ(refusal, ":3: " + why);
    EXPECT_EQ(refusal.find("Canary"), std::string::npos);
    EXPECT_EQ(refusal.find(digest), std::string::npos);
  }
}

TEST(Tokens, AreRefusedWhenThereIsNoneOrTooMany) {
  EXPECT_EQ(refusal_of(""), ": has no token; kartei token makes one");
  EXPECT_EQ(refusal_of("# nobody\n"), ": has no token; kartei token makes one");
  std::string many;
  for (std::size_t i = 0; i < Tokens::kTokensMax; ++i) {
    many += line("name" + std::to_string(i), "clerk", "kt_" + std::to_string(i));
  }
  EXPECT_EQ(tokens_of(many).size(), Tokens::kTokensMax);
  EXPECT_EQ(refusal_of(many + line("x", "clerk", "kt_x")),
            ":1001: is one token more than the 1000 that fit");
  EXPECT_EQ(refusal_of(std::string(Tokens::kFileBytesMax + 1, '\n')),
            ": is larger than a tokens file can be");
}

TEST(Tokens, AreRefusedWhenOthersMayWriteTheFile) {
  const Scratch folder;
  const auto path = folder.write("tokens", line("a", "clerk", "kt_1"));
  for (const mode_t fine : {0600U, 0400U, 0640U, 0644U}) {
    ASSERT_EQ(::chmod(path.c_str(), fine), 0);
    EXPECT_TRUE(Tokens::read(path)) << fine;
  }
  for (const mode_t wrong : {0620U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path.c_str(), wrong), 0);
    const auto tokens = Tokens::read(path);
    ASSERT_FALSE(tokens) << wrong;
    EXPECT_EQ(
        tokens.error(),
        path.string() + ": others than its owner may write it; take that away with chmod go-w");
  }
}

TEST(Tokens, AreRefusedWhenTheFileIsNone) {
  const Scratch folder;
  EXPECT_EQ(Tokens::read(folder / "nowhere").error(),
            (folder / "nowhere").string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(Tokens::read("/dev/null").error(), "/dev/null: is no file");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(Tokens::read(folder / "pipe").error(), (folder / "pipe").string() + ": is no file");
}

TEST(OwnToken, StandsAloneInItsFile) {
  const Scratch folder;
  EXPECT_EQ(read_own_token(folder.write("own", "kt_1\n")).value(), "kt_1");
  EXPECT_EQ(read_own_token(folder.write("own", "kt_1\r\n")).value(), "kt_1");
  EXPECT_EQ(read_own_token(folder.write("own", std::string(512, 'a'))).value().size(), 512U);
  for (const std::string& wrong : {std::string{},
                                   std::string{"\n"},
                                   std::string{"a\nb\n"},
                                   std::string{"a b"},
                                   std::string{"ä"},
                                   std::string(513, 'a')}) {
    const auto path = folder.write("own", wrong);
    const auto token = read_own_token(path);
    ASSERT_FALSE(token) << wrong;
    EXPECT_EQ(token.error(), path.string() + ": is not one line with a token");
  }
  EXPECT_EQ(read_own_token(folder / "nowhere").error(),
            (folder / "nowhere").string() + ": cannot be read: No such file or directory");
}

TEST(NewToken, IsFoundByItsLine) {
  infra::runtime::Ids ids;
  const Identity identity{"Empfang \"Süd\"", Role::clerk};
  const auto made = new_token(ids, identity, core::parse_date("2026-02-01"));
  EXPECT_EQ(made.token.size(), 51U);
  EXPECT_TRUE(made.token.starts_with("kt_"));
  EXPECT_EQ(made.token.find_first_not_of("0123456789abcdef", 3), std::string::npos);
  EXPECT_EQ(made.line.find(made.token), std::string::npos);
  EXPECT_EQ(made.line.find('\n'), std::string::npos);
  EXPECT_EQ(tokens_of(made.line + "\n").find(made.token, kNow), identity);
  EXPECT_EQ(new_token(ids, identity, std::nullopt).line.find("expires"), std::string::npos);
}

TEST(NewToken, IsAnotherOneEachTime) {
  infra::runtime::Ids ids;
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(new_token(ids, {"a", Role::reader}, {}).token);
  EXPECT_EQ(tokens.size(), 1000U);
}

TEST(BearerToken, IsWhatStandsBehindTheScheme) {
  const auto token = [](std::vector<infra::http::Header> headers) {
    infra::http::Request request;
    request.headers = std::move(headers);
    const auto found = infra::access::bearer_token(request);
    return found ? std::string{*found} : "none";
  };
  EXPECT_EQ(token({{"Host", "x"}, {"authorization", "Bearer kt_1"}}), "kt_1");
  EXPECT_EQ(token({{"AUTHORIZATION", "bEARER  kt_1"}}), "kt_1");
  EXPECT_EQ(token({}), "none");
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer  ", "Bearerkt_1", "Basic a3Q=", "kt_1"}) {
    EXPECT_EQ(token({{"Authorization", wrong}}), "none") << wrong;
  }
  EXPECT_EQ(token({{"Authorization", "Bearer kt_1"}, {"authorization", "Bearer kt_2"}}), "none");
}

}  // namespace
