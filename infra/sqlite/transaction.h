#pragma once

#include "domain/core/expects.h"
#include "infra/sqlite/connection.h"

namespace infra::sqlite {

// Open until it is committed; leaving scope while open rolls back. If COMMIT itself fails the
// transaction is still open, so the rollback still happens. IMMEDIATE, because a later upgrade from
// reading to writing would bypass the busy timeout.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {
    connection_.execute("BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (open_) static_cast<void>(connection_.try_execute("ROLLBACK"));
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    core::expects(open_, "a transaction is committed at most once");
    connection_.execute("COMMIT");
    open_ = false;
  }

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace infra::sqlite
