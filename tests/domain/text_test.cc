#include "domain/core/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using std::string_literals::operator""s;

TEST(Text, CountsCharactersAndNotBytes) {
  EXPECT_EQ(core::count_characters(""), 0U);
  EXPECT_EQ(core::count_characters("abc"), 3U);
  EXPECT_EQ(core::count_characters("äöüß"), 4U);
  EXPECT_EQ(core::count_characters("€"), 1U);
  EXPECT_EQ(core::count_characters("𝄞"), 1U);
  EXPECT_EQ(core::count_characters("a\u0308"), 2U);  // A combining mark is a code point of its own.
  EXPECT_EQ(core::count_characters("\u007F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF"), 7U);
}

TEST(Text, OneLineHasNoControlCharacterAndIsNeitherEmptyNorTooLong) {
  EXPECT_TRUE(core::is_one_line("mail <7> ä€𝄞", 13));
  EXPECT_TRUE(core::is_one_line("\u00A0", 1));
  EXPECT_FALSE(core::is_one_line("", 5));
  EXPECT_FALSE(core::is_one_line("abcdef", 5));
  for (const char* text : {"a\nb", "\x1F", "\x7F", "\u0080", "\u009F", "\xFF"})
    EXPECT_FALSE(core::is_one_line(text, 5)) << text;
}

TEST(Text, RefusesWhatIsNoUtf8AndNul) {
  for (const std::string& text : std::vector<std::string>{
           "\x80",              // a continuation with nothing before it
           "a\xC3",             // cut off
           "\xE2\x82",          // cut off
           "\xF0\x9D\x84",      // cut off
           "\xC3\x28",          // no continuation
           "\xE2\x28\xA1",      // no continuation
           "\xC0\x80",          // NUL in two bytes
           "\xC1\xBF",          // overlong
           "\xE0\x80\xAF",      // overlong
           "\xE0\x9F\xBF",      // overlong
           "\xF0\x80\x80\xAF",  // overlong
           "\xF0\x8F\xBF\xBF",  // overlong
           "\xED\xA0\x80",      // surrogate
           "\xED\xBF\xBF",      // surrogate
           "\xF4\x90\x80\x80",  // above U+10FFFF
           "\xF8\x88\x80\x80\x80",
           "\xFF",
           "\xFE",
           "a\0b"s,
           "\0"s,
       }) {
    EXPECT_FALSE(core::count_characters(text)) << testing::PrintToString(text);
  }
}

TEST(Text, IsVisibleWhenSomeCharacterIsNoWhiteSpace) {
  for (const char* text : {"a", " ä ", "\t.\n", "\u200B", "\u00A0x", "𝄞"}) {
    EXPECT_TRUE(core::has_visible_character(text)) << text;
  }
}

TEST(Text, IsNotVisibleWhenEveryCharacterIsWhiteSpace) {
  for (const char* text : {"",
                           " ",
                           "\t\n\v\f\r ",
                           "\u0085",
                           "\u00A0",
                           "\u1680",
                           "\u2000\u200A",
                           "\u2028\u2029",
                           "\u202F\u205F\u3000"}) {
    EXPECT_FALSE(core::has_visible_character(text)) << testing::PrintToString(text);
  }
}

}  // namespace
