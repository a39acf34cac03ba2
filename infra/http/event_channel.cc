#include "infra/http/event_channel.h"

namespace infra::http {
namespace {

// `name: ` in front of every line of `text`; a line ends with \n, \r or both.
void append_lines(std::string& block, std::string_view name, std::string_view text) {
  for (;;) {
    const std::size_t end = text.find_first_of("\r\n");
    block.append(name).append(": ").append(text.substr(0, end)).append("\n");
    if (end == std::string_view::npos) return;
    const bool both = text.substr(end, 2) == "\r\n";
    text.remove_prefix(end + (both ? 2 : 1));
  }
}

void append_line(std::string& block, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  block.append(name).append(": ");
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != '\0') block += c;
  }
  block += '\n';
}

}  // namespace

std::string block_of(const SseEvent& event) {
  std::string block;
  block.reserve(event.id.size() + event.event.size() + event.data.size() + 32);
  append_line(block, "id", event.id);
  append_line(block, "event", event.event);
  append_lines(block, "data", event.data);
  block += '\n';
  return block;
}

std::string block_of_comment(std::string_view text) {
  std::string block;
  append_lines(block, "", text);
  block += '\n';
  return block;
}

EventChannel::EventChannel(std::shared_ptr<Mailbox> mailbox,
                           std::shared_ptr<Recipient> recipient,
                           std::size_t bytes_max)
    : mailbox_(std::move(mailbox)), bytes_max_(bytes_max), recipient_(std::move(recipient)) {}

bool EventChannel::send(std::string_view block) {
  const std::lock_guard lock{mutex_};
  if (ended_ || closed_ || overflowed_) return false;
  overflowed_ = waiting_.size() + being_written_ + block.size() > bytes_max_;
  if (!overflowed_) waiting_ += block;
  notify();
  return !overflowed_;
}

bool EventChannel::open() const {
  const std::lock_guard lock{mutex_};
  return !ended_ && !closed_ && !overflowed_;
}

void EventChannel::on_closed(std::function<void()> callback) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_) return;
    if (!ended_) {
      callback_.swap(callback);
      return;
    }
  }
  if (callback) callback();
}

void EventChannel::close() {
  std::function<void()> dropped;  // Destroyed without the lock: it may own anything.
  const std::lock_guard lock{mutex_};
  if (closed_) return;
  closed_ = true;
  callback_.swap(dropped);
  if (!ended_) notify();
}

EventChannel::Taken EventChannel::take(std::string& into) {
  const std::lock_guard lock{mutex_};
  notified_ = false;
  being_written_ = 0;
  if (overflowed_) return Taken::overflowed;
  if (waiting_.empty()) return closed_ || ended_ ? Taken::closed : Taken::nothing;
  into.swap(waiting_);
  waiting_.clear();
  being_written_ = into.size();
  return Taken::bytes;
}

void EventChannel::end() {
  std::function<void()> callback;
  std::shared_ptr<Recipient> recipient;
  {
    const std::lock_guard lock{mutex_};
    if (ended_) return;
    ended_ = true;
    callback.swap(callback_);
    recipient.swap(recipient_);
  }
  if (callback) callback();
}

void EventChannel::notify() {
  if (notified_) return;
  notified_ = true;
  mailbox_->post({.what = Letter::What::events, .to = recipient_});
}

}  // namespace infra::http
