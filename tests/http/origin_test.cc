#include "infra/http/origin.h"

#include <gtest/gtest.h>

namespace {

using infra::http::Origin;

TEST(AnOrigin, IsASchemeAHostAndAPort) {
  EXPECT_EQ(Origin::parse("http://127.0.0.1:8080"), (Origin{false, "127.0.0.1", 8080}));
  EXPECT_EQ(Origin::parse("https://kartei.example:8443"), (Origin{true, "kartei.example", 8443}));
  EXPECT_EQ(Origin::parse("http://[::1]:8080"), (Origin{false, "::1", 8080}));
  EXPECT_EQ(Origin::parse("http://kartei"), (Origin{false, "kartei", 80}));
  EXPECT_EQ(Origin::parse("https://[fe80::1]"), (Origin{true, "fe80::1", 443}));
}

TEST(AnOrigin, IsWrittenAsItIsRead) {
  for (const char* url :
       {"http://127.0.0.1:8080", "https://kartei.example:443", "http://[::1]:65535"})
    EXPECT_EQ(Origin::parse(url).value().text(), url);
}

TEST(AnOrigin, IsNothingElse) {
  for (const char* url : {"",
                          "kartei:80",
                          "ftp://kartei:80",
                          "http://",
                          "http://:80",
                          "http://kartei:",
                          "http://kartei:0",
                          "http://kartei:65536",
                          "http://kartei:+80",
                          "http://kartei:80/",
                          "http://kartei/api",
                          "http://user@kartei:80",
                          "http://kar tei:80",
                          "http://kartei\r\n:80",
                          "http://[::1",
                          "http://[]:80",
                          "http://[::1]80",
                          "http://::1:80",
                          "http://kartei:80 "})
    EXPECT_EQ(Origin::parse(url), std::nullopt) << url;
}

}  // namespace
