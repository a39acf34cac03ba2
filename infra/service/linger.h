#pragma once

#include <chrono>

namespace infra::service {

// Of the calling thread, since it began.
[[nodiscard]] std::chrono::nanoseconds processor_time();

// How long the thread that keeps read models up lingers behind a round that took so much processor
// time. A commit costs a read model almost the same, however little is in it. A round with much
// work in it says that much is going on: then the next one comes later and brings more up together,
// and whoever waits to see a change waits so much longer. Where little happens, it is nothing.
[[nodiscard]] std::chrono::milliseconds linger_behind(std::chrono::nanoseconds work);

}  // namespace infra::service
