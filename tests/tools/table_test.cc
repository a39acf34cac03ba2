#include "tools/kartei/table.h"

#include <gtest/gtest.h>

#include <array>

#include "tools/kartei/present.h"

namespace {

using core::Raw;
using kartei::display_width;
using kartei::printable;
using kartei::Table;

TEST(DisplayWidth, CountsWhatATerminalShows) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("Ada"), 3U);
  EXPECT_EQ(display_width("Österreicher"), 12U);
  EXPECT_EQ(display_width("Yıldırım"), 8U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // e and a combining acute
  EXPECT_EQ(display_width("李"), 2U);
  EXPECT_EQ(display_width("🙂"), 2U);
  EXPECT_EQ(display_width("–"), 1U);
  EXPECT_EQ(display_width("\xC3"), 1U);  // cut off: no UTF-8
}

TEST(Printable, LetsNoControlCharacterThrough) {
  EXPECT_EQ(printable("Zoë\n\x1b[2J"), "Zoë\xEF\xBF\xBD\xEF\xBF\xBD[2J");
  EXPECT_EQ(printable("\x7f"), "\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xC2\x9B"), "\xEF\xBF\xBD");  // CSI as one C1 character
  EXPECT_EQ(printable("a\xFFz"), "a\xEF\xBF\xBDz");
}

TEST(Table, AlignsByWidthAndLeavesNoBlanksAtTheEnd) {
  Table table{{"id", "nachname", "ort"}};
  table.add({"3", "Yıldırım-Probst", "Übungsdorf"});
  table.add({"12", "李", ""});
  table.align_right(0);
  EXPECT_EQ(table.text(),
            "id  nachname         ort\n"
            " 3  Yıldırım-Probst  Übungsdorf\n"
            "12  李\n");
}

TEST(Present, ShowsAnArrayOfObjectsAsATableWithNumbersToTheRight) {
  const Raw rows{Raw::Array{
      Raw{Raw::Object{{"n", Raw{std::int64_t{7}}}, {"text", Raw{std::string{"a"}}}}},
      Raw{Raw::Object{{"n", Raw{std::int64_t{120}}}, {"text", Raw{Raw::Null{}}}}},
  }};
  EXPECT_EQ(kartei::present(rows), "  n  text\n  7  a\n120  –\n");
  constexpr std::array<std::string_view, 1> kColumns = {"text"};
  EXPECT_EQ(kartei::table_of(rows, kColumns, "none"), "text\na\n–\n");
  EXPECT_EQ(kartei::table_of(Raw{Raw::Array{}}, kColumns, "none"), "none\n");
}

TEST(Present, ShowsAnObjectAsNamesAndValues) {
  const Raw object{Raw::Object{{"offen", Raw{std::int64_t{12}}},
                               {"live", Raw{true}},
                               {"seconds", Raw{0.25}},
                               {"names", Raw{Raw::Array{Raw{std::string{"a"}}, Raw{false}}}}}};
  EXPECT_EQ(kartei::present(object),
            "offen    12\n"
            "live     yes\n"
            "seconds  0.250\n"
            "names    a, no\n");
}

}  // namespace
