#include "infra/access/identity.h"

#include <gtest/gtest.h>

namespace {

using infra::access::is_name;
using infra::access::may;
using infra::access::name;
using infra::access::parse_role;
using infra::access::Role;

constexpr Role kRoles[] = {Role::reader, Role::clerk, Role::operator_};

TEST(Role, MayWhatItselfAndEveryLesserOneMay) {
  for (const Role has : kRoles) {
    for (const Role needed : kRoles) {
      SCOPED_TRACE(std::string{name(has)} + " does what a " + std::string{name(needed)} + " may");
      EXPECT_EQ(may(has, needed), static_cast<int>(has) >= static_cast<int>(needed));
    }
  }
  EXPECT_FALSE(may(Role::reader, Role::clerk));
  EXPECT_TRUE(may(Role::operator_, Role::clerk));
}

TEST(Role, IsReadAsItIsWritten) {
  for (const Role role : kRoles) EXPECT_EQ(parse_role(name(role)), role);
  EXPECT_EQ(name(Role::operator_), "operator");
  for (const char* wrong : {"", "Clerk", "operator_", "admin", "clerk "}) {
    EXPECT_EQ(parse_role(wrong), std::nullopt) << wrong;
  }
}

TEST(Name, HasOneToAHundredPrintableCharacters) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ä";
  for (const std::string& fine : {std::string{"a"}, std::string{"Empfang 2. Stock"}, umlauts}) {
    EXPECT_TRUE(is_name(fine)) << fine;
  }
  const std::string wrong[] = {"",
                               " ",
                               umlauts + "ä",
                               "a\nb",
                               "a\tb",
                               std::string{"a\0b", 3},
                               "a\x7F",
                               "a\xC2\x85",  // NEL
                               "a\xC2",
                               "\xFF"};
  for (const std::string& text : wrong) EXPECT_FALSE(is_name(text)) << text;
}

}  // namespace
