#include "infra/codec/json.h"

#include <gtest/gtest.h>

#include <chrono>

#include "infra/codec/patient_json.h"
#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

using core::Raw;

Raw read(std::string_view text) {
  auto read = read_json(text);
  if (!read) {
    ADD_FAILURE() << text << ": " << read.error().message;
    return Raw{};
  }
  return std::move(read).value();
}

std::string rewritten(std::string_view text) { return write_json(read(text)); }

TEST(Json, IsReadIntoWhatItSays) {
  EXPECT_EQ(read(" null "), Raw{Raw::Null{}});
  EXPECT_EQ(read("true"), Raw{true});
  EXPECT_EQ(read("-7"), Raw{std::int64_t{-7}});
  EXPECT_EQ(read(R"("\u00e4\ud83e\udde0\n\/")"), Raw{std::string{"ä\U0001F9E0\n/"}});
  EXPECT_EQ(read(R"({"b":[1,{}],"a":[]})"),
            (Raw{Raw::Object{{"b", Raw{Raw::Array{Raw{std::int64_t{1}}, Raw{Raw::Object{}}}}},
                             {"a", Raw{Raw::Array{}}}}}));
}

TEST(Json, ReadsWholeNumbersThatFitAsIntegersAndOthersAsDoubles) {
  EXPECT_EQ(read("9223372036854775807"), Raw{INT64_MAX});
  EXPECT_EQ(read("-9223372036854775808"), Raw{INT64_MIN});
  EXPECT_EQ(read("9223372036854775808"), Raw{9223372036854775808.0});
  EXPECT_EQ(read("18446744073709551616"), Raw{18446744073709551616.0});
  EXPECT_EQ(read("1e3"), Raw{1000.0});
  EXPECT_EQ(read("1.0"), Raw{1.0});
  EXPECT_EQ(read("1e-999"), Raw{0.0});
}

TEST(Json, ReadsEveryDoubleExactly) {
  for (const double number : {0.1,
                              1.7976931348623157e308,
                              5e-324,
                              2.2250738585072011e-308,
                              1234567890.123456789,
                              -3.0517578125005e-05}) {
    EXPECT_EQ(read(write_json(Raw{number})), Raw{number});
  }
}

struct Misplaced {
  std::string text;
  std::int64_t line;
  std::int64_t column;
  std::string message;
};

const std::string kNotJson = "is not JSON in UTF-8";

const std::vector<Misplaced> kMisplaced{
    {"", 1, 1, "there is nothing in it"},
    {" \n\t ", 1, 1, "there is nothing in it"},
    {"{", 1, 2, "breaks off"},
    {"{\n  \"a\": \"b", 2, 10, "breaks off"},
    {"[1,\n2,\n", 3, 1, "breaks off"},
    {"tru", 1, 4, "breaks off"},
    {"{\"a\":1,}", 1, 8, kNotJson},
    {"[1,]", 1, 4, kNotJson},
    {"[1 2]", 1, 4, kNotJson},
    {"{a:1}", 1, 2, kNotJson},
    {"{\"a\" 1}", 1, 6, kNotJson},
    {"[01]", 1, 3, kNotJson},
    {"[nul]", 1, 2, kNotJson},
    {"[NaN]", 1, 2, kNotJson},
    {"// no\n1", 1, 1, kNotJson},
    {"{}\n{}", 2, 1, "goes on behind the end of the document"},
    {"1 x", 1, 3, "goes on behind the end of the document"},
    {"\xEF\xBB\xBF{}", 1, 1, kNotJson},
    {"\"ab\tc\"", 1, 4, kNotJson},
    {std::string("\"ab\0c\"", 6), 1, 4, kNotJson},
    {std::string("{}\0", 3), 1, 3, "goes on behind the end of the document"},
    {"[\"ä\",\n \"äö\xFFü\"]", 2, 5, kNotJson},
    {"\"\xC0\x80\"", 1, 2, kNotJson},
    {"[1,\n  \"a\\u0000b\"]", 2, 3, "a text holds a NUL"},
    {"{\"a\\u0000\": 1}", 1, 2, "a member's name holds a NUL"},
    {"{\"a\": 1,\n  \"ä\": 2, \"a\": 3}", 2, 11, "a member 'a' is there twice"},
    {"{\"x\": {\"ab\": 1, \"\\u0061b\": 2}}", 1, 17, "a member 'ab' is there twice"},
    {"{\"Frau Ä\": 1, \"Frau Ä\": 2}", 1, 15, "a member of this name is there twice"},
    {"{\"n\": 1e999}", 1, 7, "a number is too large"},
    {"{\"n\": -1e99999999999}", 1, 7, "a number is too large"},
    {"\"\\ud800\"", 1, 8, kNotJson},
    {"\"\\x\"", 1, 3, kNotJson},
};

TEST(Json, SaysWhereItStopsBeingJson) {
  for (const Misplaced& misplaced : kMisplaced) {
    SCOPED_TRACE(misplaced.text);
    const auto read = read_json(misplaced.text);
    if (read) {
      ADD_FAILURE() << "was read";
      continue;
    }
    EXPECT_EQ(read.error().message, misplaced.message);
    EXPECT_EQ(read.error().line, misplaced.line);
    EXPECT_EQ(read.error().column, misplaced.column);
  }
}

TEST(Json, IsNestedNoDeeperThan64Levels) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(read_json(nested(64)));
  const auto deeper = read_json(nested(65));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().message, "is nested more than 64 levels deep");
  EXPECT_EQ(deeper.error().column, 65);
}

TEST(Json, FindsARepeatedNameAmongMany) {
  std::string text = "{";
  for (int at = 0; at < 100'000; ++at) text += "\"k" + std::to_string(at) + "\":1,";
  EXPECT_TRUE(read_json(text + "\"k100000\":1}"));
  EXPECT_EQ(read_json(text + "\"k50000\":1}").error().message, "a member 'k50000' is there twice");
}

TEST(Json, RefusesTooMuchWithoutReadingIt) {
  const std::string garbage(50'000'000, '[');
  const auto read = read_json(garbage);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "is larger than 4194304 bytes");
}

TEST(Json, IsWrittenAsItWasRead) {
  for (const std::string text : {R"({"b":[1,-2.5,true,null,"ä \" \\ \u0001 \n"],"a":{}})",
                                 "[]",
                                 "1.0",
                                 "1e+300",
                                 R"("/")"}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(Json, IsWrittenForPeople) {
  EXPECT_EQ(write_json_pretty(read(R"({"b":[1,{"c":2}],"a":{},"d":[]})")),
            "{\n  \"b\": [\n    1,\n    {\n      \"c\": 2\n    }\n  ],\n  \"a\": {},\n"
            "  \"d\": []\n}\n");
}

TEST(Json, IsCanonicalWhateverTheOrderAndTheSpace) {
  EXPECT_EQ(canonical_json(read("{ \"b\": [2, 1.0], \"a\": {\"d\": -0.0, \"c\": 1e2} }")),
            R"({"a":{"c":100,"d":0},"b":[2,1]})");
  EXPECT_EQ(canonical_json(read("[0.5,1e300]")), "[0.5,1e+300]");
}

TEST(Json, OfAPatientIsTheSameOnTheShortWay) {
  int written = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(seed);
    samples::Random random{seed};
    const patient::State state = samples::any_state(random);
    const auto* patient = state.on_file();
    if (patient == nullptr) continue;
    const auto id = *patient::PatientId::parse(seed % 2 == 0 ? "P-7" : "17");
    ++written;
    ASSERT_EQ(patient_json(id, *patient), write_json(patient::to_raw(id, *patient)));
  }
  EXPECT_GT(written, 100);
}

}  // namespace
}  // namespace infra::codec
