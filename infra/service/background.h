#pragma once

#include <future>

namespace infra::service {

// The calling thread, and those that it begins, have the processors when nobody else wants them,
// and never the first of several: a kernel without preemption takes none away from whoever is in
// the middle of a system call, and a rebuild makes long ones. For good. Where the system refuses
// that, they go on as they are.
void give_way();

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
