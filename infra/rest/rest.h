#pragma once

#include "infra/http/reply.h"
#include "infra/rest/admission.h"
#include "infra/rest/means.h"

namespace infra::rest {

// The REST API: Curavani's, and what Kartei adds to it. Finds out what a request wants and whether
// whoever asks may have it. Called on the I/O thread, of which there is one.
class Rest {
 public:
  // `admission` and what `means` refers to must outlive it.
  Rest(Means means, const Admission& admission, Complain complain);

  void handle(http::Request request, http::Reply reply) const;

 private:
  void answer(http::Request request, const http::Reply& reply) const;

  Means means_;
  const Admission& admission_;
  Complain complain_;
};

}  // namespace infra::rest
