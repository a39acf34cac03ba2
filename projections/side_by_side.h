#pragma once

#include <future>
#include <span>

namespace projections {

// `work` for the first writer in a thread of its own, for the others in this one: the widest read
// model comes first, and takes about as long as the rest. The first failure is thrown, after both
// have ended.
template <class Writer, class Work>
void side_by_side(std::span<Writer> writers, const Work& work) {
  std::future<void> first;
  if (writers.size() > 1) {
    first = std::async(std::launch::async, [&work, &one = writers.front()] { work(one); });
    writers = writers.subspan(1);
  }
  for (Writer& writer : writers) work(writer);
  if (first.valid()) first.get();
}

}  // namespace projections
