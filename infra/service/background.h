#pragma once

#include <future>

namespace infra::service {

// The calling thread, and those that it begins, have the processors when nobody else wants them,
// and never the first of several: a kernel without preemption takes none away from whoever is in
// the middle of a system call, and a rebuild makes long ones. For good. Where the system refuses
// that, they go on as they are.
void give_way();

// The calling thread has a third of what the others of this process have, when there is not enough
// for all: what it does can be a moment late, and they have somebody who waits for an answer.
void come_second();

// `work` in a thread that gives way, waited for: what it returns or throws.
template <class Work>
auto in_background(const Work& work) {
  const auto giving_way = [&work] {
    give_way();
    return work();
  };
  return std::async(std::launch::async, giving_way).get();
}

}  // namespace infra::service
