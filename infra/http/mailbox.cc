#include "infra/http/mailbox.h"

#include "infra/http/event_channel.h"

namespace infra::http {

bool Mailbox::post(Letter letter) {
  const std::lock_guard lock{mutex_};
  if (!wake_) return false;
  letters_.push_back(std::move(letter));
  if (letters_.size() == 1) wake_();
  return true;
}

void Mailbox::open() {
  std::vector<Letter> letters;
  {
    const std::lock_guard lock{mutex_};
    letters.swap(letters_);
  }
  for (Letter& letter : letters) {
    switch (letter.what) {
      case Letter::What::answer: letter.to->on_answer(std::move(letter.response)); break;
      case Letter::What::stream:
        letter.to->on_stream(std::move(letter.response), std::move(letter.channel));
        break;
      case Letter::What::events: letter.to->on_events(); break;
    }
  }
}

void Mailbox::shut() {
  std::vector<Letter> letters;
  {
    const std::lock_guard lock{mutex_};
    wake_ = nullptr;
    letters.swap(letters_);
  }
  for (const Letter& letter : letters) {
    if (letter.channel) letter.channel->end();
  }
  thread_ = std::thread::id{};  // Another thread may get the same id.
}

}  // namespace infra::http
