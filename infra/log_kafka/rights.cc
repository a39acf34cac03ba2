#include "infra/log_kafka/rights.h"

namespace infra::log_kafka {

std::optional<std::string> missing_right(rd_kafka_resp_err_t error,
                                         const std::string& topic_prefix) {
  const std::string prefixed = " with the prefix " + topic_prefix + ".";
  switch (error) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "missing rights: this user needs the ACLs Read, Write, Describe and DescribeConfigs "
             "on the topics" +
             prefixed +
             " (to make them Create), Write and Describe on outbound topics, and Read and Describe "
             "on "
             "those that other services send to";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return "missing rights: this user needs the ACLs Read and Describe on the groups" + prefixed;
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return "missing rights: this user needs the ACLs Write and Describe on the transactional "
             "ids" +
             prefixed;
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return "missing rights: this user needs the ACL Create on the cluster to make topics, and "
             "IdempotentWrite on it to write";
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      return "the brokers do not know this user or its password: look at sasl.username, "
             "sasl.password and sasl.mechanisms";
    default: return std::nullopt;
  }
}

}  // namespace infra::log_kafka
