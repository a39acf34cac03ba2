#include "infra/http/reply.h"

#include "infra/http/event_channel.h"
#include "infra/http/pending.h"

namespace infra::http {

EventStream::EventStream(std::shared_ptr<EventChannel> channel) : channel_(std::move(channel)) {}

EventStream::~EventStream() { close(); }

EventStream::EventStream(EventStream&&) noexcept = default;

EventStream& EventStream::operator=(EventStream&& other) noexcept {
  if (this != &other) {
    close();
    channel_ = std::move(other.channel_);
  }
  return *this;
}

bool EventStream::send(const SseEvent& event) {
  return channel_ && channel_->open() && channel_->send(block_of(event));
}

bool EventStream::comment(std::string_view text) {
  return channel_ && channel_->open() && channel_->send(block_of_comment(text));
}

bool EventStream::open() const { return channel_ && channel_->open(); }

void EventStream::on_closed(std::function<void()> callback) {
  if (channel_) {
    channel_->on_closed(std::move(callback));
  } else if (callback) {
    callback();
  }
}

void EventStream::close() {
  if (channel_) channel_->close();
}

Reply::Reply(std::shared_ptr<Pending> pending) : pending_(std::move(pending)) {}

bool Reply::send(Response response) const { return pending_->send(std::move(response)); }

EventStream Reply::stream(std::vector<Header> headers, std::string route, std::string asker) const {
  return EventStream{pending_->stream({.content_type = "text/event-stream",
                                       .headers = std::move(headers),
                                       .route = std::move(route),
                                       .asker = std::move(asker)})};
}

}  // namespace infra::http
