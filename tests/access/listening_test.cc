#include "infra/access/listening.h"

#include <gtest/gtest.h>

namespace {

using infra::access::keeps_private;
using infra::access::why_not_listen;

TEST(Listening, IsAllowedOnLoopbackWithoutProtection) {
  for (const char* host : {"127.0.0.1",
                           "127.1.2.3",
                           "127.255.255.255",
                           "::1",
                           "0:0:0:0:0:0:0:1",
                           "::ffff:127.0.0.1",
                           "localhost",
                           "LocalHost"}) {
    EXPECT_EQ(why_not_listen(host, false, false), std::nullopt) << host;
  }
}

TEST(Listening, NeedsTokensAndTlsEverywhereElse) {
  for (const char* host : {"",
                           "0.0.0.0",
                           "::",
                           "10.0.0.7",
                           "128.0.0.1",
                           "::2",
                           "1::1",
                           "::ffff:10.0.0.1",
                           "127.1",
                           "127.0.0.1.example.org",
                           "localhost.example.org",
                           "kartei.example.org"}) {
    SCOPED_TRACE(host);
    EXPECT_NE(why_not_listen(host, false, false), std::nullopt);
    EXPECT_NE(why_not_listen(host, true, false), std::nullopt);
    EXPECT_NE(why_not_listen(host, false, true), std::nullopt);
    EXPECT_EQ(why_not_listen(host, true, true), std::nullopt);
  }
}

TEST(Listening, IsRefusedWithASentenceThatNamesWhatIsMissing) {
  EXPECT_EQ(why_not_listen("0.0.0.0", false, false),
            "listening on 0.0.0.0 needs tokens (--tokens) and TLS (--tls-certificate, --tls-key); "
            "without, only on loopback: 127.0.0.1");
  EXPECT_EQ(why_not_listen("", true, false),
            "listening on every address needs TLS (--tls-certificate, --tls-key); "
            "without, only on loopback: 127.0.0.1");
  EXPECT_EQ(why_not_listen("::", false, true),
            "listening on :: needs tokens (--tokens); without, only on loopback: 127.0.0.1");
}

TEST(WhatIsSent, StaysPrivateByTlsOrOnThisMachine) {
  EXPECT_TRUE(keeps_private({true, "kartei.example", 443}));
  EXPECT_TRUE(keeps_private({false, "127.0.0.1", 80}));
  EXPECT_TRUE(keeps_private({false, "::1", 80}));
  EXPECT_FALSE(keeps_private({false, "kartei.example", 80}));
  EXPECT_FALSE(keeps_private({false, "10.0.0.1", 80}));
}

}  // namespace
