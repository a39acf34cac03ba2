#pragma once

#include <string>
#include <vector>

#include "infra/log_kafka/settings.h"

namespace infra::log_kafka {

// One thing that was looked at, whether it is well, and what to do if not.
struct Symptom {
  std::string check;
  bool well;
  std::string message;
};

// Looks at everything about the brokers and the log's topics that an operator can mend: whether
// they answer, the topics and their settings, the genesis, a transaction of its own (under the id
// `<prefix>.doctor`, aborted: no writer is fenced and no record stays), transactions that hang, the
// clocks. Needs no log that can be opened. Takes as long as the settings' patience for each thing
// that does not answer, and throws nothing for it.
[[nodiscard]] std::vector<Symptom> examine(const Settings& settings);

}  // namespace infra::log_kafka
