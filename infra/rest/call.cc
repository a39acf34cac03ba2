#include "infra/rest/call.h"

#include "infra/rest/routes.h"

namespace infra::rest {

void Call::answer(http::Response response) const {
  response.route = route.pattern;
  response.asker = asker;
  static_cast<void>(reply.send(std::move(response)));
}

}  // namespace infra::rest
