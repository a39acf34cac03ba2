#include "infra/service/linger.h"

#include <ctime>

namespace infra::service {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

nanoseconds processor_time() {
  timespec time{};
  static_cast<void>(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time));
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

milliseconds linger_behind(nanoseconds work) {
  constexpr milliseconds kMuch{1};
  constexpr milliseconds kLinger{40};
  return work < kMuch ? milliseconds{0} : kLinger;
}

}  // namespace infra::service
