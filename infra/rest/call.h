#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/patient/ids.h"
#include "infra/access/identity.h"
#include "infra/http/message.h"
#include "infra/http/reply.h"

namespace infra::rest {

struct Route;

// One request on its way to its answer: what was asked, by whom, and what the path names.
struct Call {
  http::Request request;
  http::Reply reply;
  const Route& route;
  access::Identity who;
  std::string asker = {};               // the name of the token; empty: none was needed
  std::vector<std::string> names = {};  // of the path's {…}, in order
  std::optional<patient::CommandId> command_id = {};  // once somebody has asked for it

  // Sends the answer under the names of the route and of who asked. Any thread.
  void answer(http::Response response) const;
};

}  // namespace infra::rest
