#include "infra/codec/submissions.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"
#include "infra/rest/writer_over_http.h"

// What a standby hands over to the process that writes.
namespace infra::rest {

using service::ProblemCode;

// Whoever may ask for this says who acts, under which command id and with what evidence: that is
// what the role is for.
void take_commands(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  expect_type(call->request, kCommandsType);
  auto read = codec::decode_submissions(call->request.body);
  if (!read)
    decline({ProblemCode::usage, "the body holds no commands of a standby: " + read.error().why});
  auto [log, submissions] = std::move(read).value();
  if (submissions.empty() || submissions.size() > kCommandsTogetherMax) {
    decline({ProblemCode::usage,
             "the body holds 1 to " + std::to_string(kCommandsTogetherMax) + " commands"});
  }
  if (log != means.host.incarnation())
    decline({ProblemCode::usage, "the commands are meant for another log"});
  means.commanding.submit(std::move(call), std::move(submissions));
}

}  // namespace infra::rest
