#pragma once

namespace infra::http {

// Asks the scheduler to let the calling thread run soon and briefly, rather than late and long:
// whoever waits for an answer waits for an I/O thread, which seldom has much to do. Linux 6.12 and
// newer heed it; others go on as they are.
void ask_for_short_turns();

}  // namespace infra::http
