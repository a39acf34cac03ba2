#include <gtest/gtest.h>
#include <sys/resource.h>

#include <memory>
#include <vector>

#include "tests/http/peer.h"
#include "tests/rest/clients/served.h"

// As many clients as the system permits, not as many as a shell begins with.
namespace {

constexpr rlim_t kSoft = 256;

// While one lives, what this process starts begins with so few files.
class FewFiles {
 public:
  FewFiles() {
    ::getrlimit(RLIMIT_NOFILE, &old_);
    const rlimit few{kSoft, old_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewFiles() { ::setrlimit(RLIMIT_NOFILE, &old_); }
  FewFiles(const FewFiles&) = delete;
  FewFiles& operator=(const FewFiles&) = delete;

 private:
  rlimit old_{};
};

TEST(OpenFiles, AServiceHoldsMoreConnectionsThanItsSoftLimitOfThem) {
  whole::Place place;
  std::unique_ptr<testing_rest::Served> served;
  {
    const FewFiles few;
    served = std::make_unique<testing_rest::Served>(place);
  }
  std::vector<testing_http::Peer> peers;
  for (rlim_t count = 0; count < kSoft + 50; ++count) {
    peers.emplace_back(served->port());
    ASSERT_TRUE(peers.back().send(testing_http::request("GET /health")));
    ASSERT_EQ(peers.back().answer().status, 200) << count;
  }
  EXPECT_EQ(served->stop().status, 0);
}

}  // namespace
