#include "infra/reactors/confirming.h"

#include <algorithm>

#include "domain/core/broken.h"
#include "infra/codec/event_codec.h"
#include "infra/codec/json.h"

namespace infra::reactors {
namespace {

using core::Raw;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kRecordsPerPoll = 500;
constexpr std::chrono::seconds kAgainMax{300};
// Nobody is reminded of a payment that was due long ago because a setting came back.
constexpr std::chrono::days kTooLate{30};
// Records that call for nothing are passed over again after a crash: that costs no commit each.
constexpr milliseconds kCommitPassed{10'000};
// Kafka forgets a place that nobody has committed for seven days (offsets.retention.minutes).
constexpr std::chrono::hours kCommitAnew{24};

std::string body_of(const Mail& mail, const ConfirmationOptions& given) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Raw{Raw::Null{}} : Raw{text};
  };
  return codec::write_json(Raw{Raw::Object{{"patient_id", Raw{mail.patient_id}},
                                           {"betreff", Raw{mail.subject}},
                                           {"inhalt_markdown", Raw{mail.markdown}},
                                           {"empfaenger_email", Raw{mail.to_address}},
                                           {"empfaenger_name", text_or_null(mail.to_name)},
                                           {"absender_email", Raw{given.sender_address}},
                                           {"absender_name", text_or_null(given.sender_name)}}});
}

// This mail will never be taken, whoever asks. Every other status may be the fault of the service,
// of the URL or of what is between: those are mended, and the mail is not lost meanwhile.
bool is_final(int status) {
  return status == 400 || status == 409 || status == 413 || status == 422;
}

}  // namespace

milliseconds left_alone(milliseconds by_ourselves, std::chrono::seconds asked_for) {
  return std::max<milliseconds>(by_ourselves, std::min(asked_for, kAgainMax));
}

Confirming::Confirming(Given given)
    : given_(std::move(given)),
      client_({.timeout = milliseconds{10'000},
               .answer_bytes_max = std::size_t{64} * 1024,
               .cancelled = [this] { return stopping_.load(); }}),
      codec_(std::make_unique<codec::ProtobufEventCodec>()),
      again_(given_.again),
      committed_(steady_clock::now()),
      thread_([this] { live(); }) {}

Confirming::~Confirming() { stop(); }

void Confirming::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

bool Confirming::await_begun(milliseconds limit) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, limit, [this] { return begun_; });
}

Confirming::Counts Confirming::counts() const {
  return {sent_, skipped_, refused_, retried_, lag_};
}

void Confirming::wait(milliseconds limit) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, limit, [this] { return stopping_.load(); });
}

// Everything that is not done with is read again after something broke.
void Confirming::live() {
  while (!stopping_) {
    try {
      wait(step());
    } catch (const core::Broken& broken) {
      feed_.reset();
      if (!stopping_) wait(wait_longer(broken.what()));
    }
  }
  try {
    if (feed_ && due_.empty()) feed_->commit_all();
  } catch (const core::Broken&) {  // What was passed is passed again.
  }
}

milliseconds Confirming::wait_longer(std::string_view why) {
  if (!in_trouble_ && !stopping_) given_.complain("confirmation mails wait: " + std::string{why});
  in_trouble_ = true;
  const milliseconds now = left_alone(again_, retry_after_);
  again_ = std::min<milliseconds>(2 * again_, kAgainMax);
  retry_after_ = {};
  return now;
}

void Confirming::over() {
  if (in_trouble_) given_.complain("confirmation mails go out again");
  in_trouble_ = false;
  again_ = given_.again;
}

milliseconds Confirming::step() {
  ports::Log* const log = given_.log_in_turn();
  if (log == nullptr) {
    feed_.reset();
    lag_ = 0;
    return given_.look;
  }
  if (!feed_) {
    due_.clear();
    feed_.emplace(*log, kConfirmingGroup);
    feed_->commit_anew();
    committed_anew_ = steady_clock::now();
    const std::lock_guard lock{mutex_};
    begun_ = true;
    changed_.notify_all();
  }
  const std::size_t polled = due_.empty() ? read_on() : 0;
  lag_ = feed_->lag();
  if (due_.empty()) {
    const bool long_ago = steady_clock::now() - committed_ >= kCommitPassed;
    if (long_ago) {
      feed_->commit_all();
      committed_ = steady_clock::now();
    }
    if (steady_clock::now() - committed_anew_ >= kCommitAnew) {
      feed_->commit_anew();
      committed_anew_ = steady_clock::now();
    }
    over();
    return polled > 0 ? milliseconds{0} : given_.look;
  }
  const Due& due = due_.front();
  if (settle(due) == Outcome::later) return wait_longer("the communication service takes none");
  feed_->commit(due.partition, due.offset);
  due_.pop_front();
  committed_ = {};  // What is behind it follows as soon as the log's end is reached.
  over();
  return milliseconds{0};
}

std::size_t Confirming::read_on() {
  return feed_->poll(kRecordsPerPoll, [&](const ports::Record& record) {
    if (!record.value || ports::is_reserved(record.key)) return;
    const auto recorded = codec_->decode_history(*record.value);
    // `events verify` says which one; healed or not, it is passed.
    if (!recorded || !is_registration(recorded.value())) return;
    const patient::Envelope& envelope = recorded.value().envelope;
    due_.push_back({record.partition,
                    record.offset,
                    envelope.event_id,
                    envelope.patient_id,
                    envelope.recorded_at,
                    given_.options.mail_template.mail_for(recorded.value())});
  });
}

Confirming::Outcome Confirming::settle(const Due& due) {
  const bool wanted =
      due.mail && given_.clock.now() - due.recorded_at < kTooLate && given_.on_file(due.patient);
  if (wanted) return send(due);
  ++skipped_;
  return Outcome::settled;
}

Confirming::Outcome Confirming::send(const Due& due) {
  const ConfirmationOptions& options = given_.options;
  outgoing::Request request{.method = "POST",
                            .url = options.url,
                            .headers = {{"Content-Type", "application/json"},
                                        {"Idempotency-Key", due.event_id.get().text()}},
                            .body = body_of(*due.mail, options)};
  if (!options.token.empty())
    request.headers.push_back({"Authorization", "Bearer " + options.token});
  int status = 0;
  try {
    const outgoing::Response response = client_.send(request);
    status = response.status;
    retry_after_ = response.retry_after;
  } catch (const core::Broken&) {  // Nobody knows whether it arrived: it is asked for again.
    ++retried_;
    return Outcome::later;
  }
  if (status >= 200 && status < 300) {
    ++sent_;
    return Outcome::settled;
  }
  if (!is_final(status)) {
    ++retried_;
    return Outcome::later;
  }
  ++refused_;
  given_.complain("the communication service refused the confirmation mail of event " +
                  due.event_id.get().text() + " (HTTP " + std::to_string(status) +
                  "); it is not sent");
  return Outcome::settled;
}

}  // namespace infra::reactors
