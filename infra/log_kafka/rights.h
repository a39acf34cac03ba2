#pragma once

#include <optional>
#include <string>

#include "infra/log_kafka/handles.h"

namespace infra::log_kafka {

// Which ACL is missing where the brokers refuse a request for want of rights, as a sentence for
// the operator; none: that was not the reason. Names as of Apache Kafka's kafka-acls.sh.
[[nodiscard]] std::optional<std::string> missing_right(rd_kafka_resp_err_t error,
                                                       const std::string& topic_prefix);

}  // namespace infra::log_kafka
