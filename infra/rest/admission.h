#pragma once

#include "domain/core/result.h"
#include "domain/ports/clock.h"
#include "infra/access/live_tokens.h"
#include "infra/http/message.h"
#include "infra/rest/routes.h"

namespace infra::rest {

// Who may have what a route gives: whoever has a token of a role that suffices; everybody where
// there are no tokens. Tokens come and go, so the answer holds for the moment. Any thread.
class Admission {
 public:
  // `tokens` may be null: there are none. What it is given must outlive it.
  Admission(const access::LiveTokens* tokens, ports::Clock& clock)
      : tokens_(tokens), clock_(clock) {}

  [[nodiscard]] bool by_tokens() const { return tokens_ != nullptr; }
  // Who asks; or the answer that says why not, 401 or 403.
  [[nodiscard]] core::Result<access::Identity, http::Response> admit(const http::Request& request,
                                                                     const Route& route) const;

 private:
  const access::LiveTokens* tokens_;
  ports::Clock& clock_;
};

}  // namespace infra::rest
