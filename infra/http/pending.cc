#include "infra/http/pending.h"

namespace infra::http {

Pending::Pending(std::shared_ptr<Mailbox> mailbox,
                 std::shared_ptr<Recipient> recipient,
                 std::size_t stream_bytes_max)
    : mailbox_(std::move(mailbox)),
      recipient_(std::move(recipient)),
      stream_bytes_max_(stream_bytes_max) {}

Pending::~Pending() {
  if (!answered_) deliver(problem(500, "internal", "The request was not answered."));
}

bool Pending::send(Response response) {
  if (answered_.exchange(true)) return false;
  deliver(std::move(response));
  return true;
}

void Pending::deliver(Response response) {
  if (mailbox_->is_here()) {
    recipient_->on_answer(std::move(response));
  } else {
    mailbox_->post(
        {.what = Letter::What::answer, .to = recipient_, .response = std::move(response)});
  }
}

std::shared_ptr<EventChannel> Pending::stream(Response head) {
  if (answered_.exchange(true)) return nullptr;
  auto channel = std::make_shared<EventChannel>(mailbox_, recipient_, stream_bytes_max_);
  const bool posted = mailbox_->post({.what = Letter::What::stream,
                                      .to = recipient_,
                                      .response = std::move(head),
                                      .channel = channel});
  if (!posted) channel->end();
  return channel;
}

}  // namespace infra::http
