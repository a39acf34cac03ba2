#pragma once

#include <optional>
#include <string>

#include "infra/access/live_tokens.h"
#include "infra/http/reply.h"
#include "infra/rest/means.h"

namespace infra::rest {

// The REST API: Curavani's, and what Kartei adds to it. Finds out what a request wants and whether
// whoever asks may have it. Called on the I/O thread, of which there is one.
class Rest {
 public:
  // Without tokens (null) everybody may do everything. They and what `means` refers to must outlive
  // it.
  Rest(Means means, const access::LiveTokens* tokens, Complain complain);

  void handle(http::Request request, http::Reply reply) const;

 private:
  // Declines who may not.
  [[nodiscard]] access::Identity admit(const http::Request& request, const Route& route) const;
  void answer(http::Request request, const http::Reply& reply) const;

  Means means_;
  const access::LiveTokens* tokens_;
  Complain complain_;
};

}  // namespace infra::rest
