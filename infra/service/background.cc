#include "infra/service/background.h"

#include <sched.h>
#include <unistd.h>

namespace infra::service {
namespace {

constexpr pid_t kThisThread = 0;

void leave_the_first_processor() {
  cpu_set_t processors;
  if (::sched_getaffinity(kThisThread, sizeof processors, &processors) != 0) return;
  int first = 0;
  while (!CPU_ISSET(first, &processors)) ++first;
  CPU_CLR(first, &processors);
  // Where it is the only one, none is left, which the system refuses.
  static_cast<void>(::sched_setaffinity(kThisThread, sizeof processors, &processors));
}

}  // namespace

void give_way() {
  const sched_param none{};
  static_cast<void>(::sched_setscheduler(kThisThread, SCHED_IDLE, &none));
  leave_the_first_processor();
}

void come_second() {
  constexpr int kNicer = 5;  // Linux keeps it for each thread; it is never less than it was.
  [[maybe_unused]] const int refused_or_not = ::nice(kNicer);
}

}  // namespace infra::service
