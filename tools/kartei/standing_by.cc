#include "tools/kartei/standing_by.h"

#include "infra/access/tokens.h"
#include "tools/kartei/answer.h"

namespace kartei {

StandbyOptions standby_options(const infra::runtime::Settings& settings) {
  StandbyOptions options{settings.tls_ca};
  if (!settings.writer_token_file) return options;
  auto token = infra::access::read_own_token(*settings.writer_token_file);
  if (!token) decline_usage(token.error());
  options.writer_token = std::move(token).value();
  return options;
}

infra::http::ClientOptions client_options(const StandbyOptions& options) {
  infra::http::ClientOptions client;
  if (options.tls_ca) client.ca_file = options.tls_ca->string();
  return client;
}

}  // namespace kartei
