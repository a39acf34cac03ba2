#include "infra/rest/admission.h"

#include "infra/rest/answers.h"

namespace infra::rest {
namespace {

// Who asks where no tokens are.
constexpr const char* kAnybody = "http";

}  // namespace

core::Result<access::Identity, http::Response> Admission::admit(const http::Request& request,
                                                                const Route& route) const {
  if (tokens_ == nullptr) return access::Identity{kAnybody, access::Role::operator_};
  if (!route.needs) return access::Identity{"", access::Role::reader};
  const auto token = access::bearer_token(request);
  auto who = token ? tokens_->find(*token, clock_.now()) : std::nullopt;
  if (!who) {
    return core::Failure{
        refusal(401, "unauthorized", "send a token that is known: Authorization: Bearer …")};
  }
  if (!access::may(who->role, *route.needs)) {
    http::Response forbidden =
        refusal(403, "forbidden", "this takes the role " + std::string{access::name(*route.needs)});
    forbidden.asker = who->name;
    return core::Failure{std::move(forbidden)};
  }
  return *std::move(who);
}

}  // namespace infra::rest
