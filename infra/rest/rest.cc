#include "infra/rest/rest.h"

#include "infra/rest/answers.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"

namespace infra::rest {
namespace {

http::Response nothing_there(const Found& found) {
  if (found.methods.empty()) return refusal(404, "not_found", "there is no such resource");
  http::Response response =
      refusal(405, "method_not_allowed", "this resource does not know that method");
  std::string allowed;
  for (const std::string_view method : found.methods) {
    allowed += (allowed.empty() ? "" : ", ") + std::string{method};
    if (method == "GET") allowed += ", HEAD";
  }
  response.headers.push_back({"Allow", allowed});
  return response;
}

}  // namespace

Rest::Rest(Means means, const Admission& admission, Complain complain)
    : means_(std::move(means)), admission_(admission), complain_(std::move(complain)) {}

void Rest::handle(http::Request request, http::Reply reply) const {
  try {
    answer(std::move(request), reply);
  } catch (const Declined& declined) {
    static_cast<void>(reply.send(declined.answer));
  } catch (const std::exception&) {
    static_cast<void>(reply.send(answer_of(std::current_exception(), complain_)));
  }
}

void Rest::answer(http::Request request, const http::Reply& reply) const {
  Found found = find_route(request);
  if (found.route == nullptr) {
    static_cast<void>(reply.send(nothing_there(found)));
    return;
  }
  const Route& route = *found.route;
  std::string asker;
  try {
    auto admitted = admission_.admit(request, route);
    if (!admitted) throw Declined{admitted.error()};
    access::Identity who = std::move(admitted).value();
    if (admission_.by_tokens()) asker = who.name;
    route.act(
        means_,
        std::make_shared<Call>(
            Call{std::move(request), reply, route, std::move(who), asker, std::move(found.names)}));
  } catch (Declined& declined) {
    declined.answer.route = route.pattern;
    if (!asker.empty()) declined.answer.asker = asker;
    throw;
  } catch (const std::exception&) {
    Declined broken{answer_of(std::current_exception(), complain_)};
    broken.answer.route = route.pattern;
    broken.answer.asker = asker;
    throw std::move(broken);
  }
}

}  // namespace infra::rest
