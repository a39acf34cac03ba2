#include "infra/rest/documents.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"

// What the API says about itself.
namespace infra::rest {

void openapi_document(const Means&, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  http::Response response;
  response.body = kOpenApi;
  call->answer(std::move(response));
}

void readable_document(const Means&, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.push_back(
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
       "connect-src 'self'"});
  response.body = kReadable;
  call->answer(std::move(response));
}

}  // namespace infra::rest
