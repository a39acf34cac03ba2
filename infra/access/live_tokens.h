#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "infra/access/tokens.h"

namespace infra::access {

// The tokens of a file as it stands: a thread looks whether the file is another one than it was,
// and reads it again then. A file that is none of tokens, or gone, changes nothing: the tokens stay
// as they were. Any thread may ask; nobody who asks waits for the disk.
class LiveTokens {
 public:
  // To the operator: once for each file that took their place, or that could not.
  using Tell = std::function<void(std::string_view)>;
  static constexpr std::chrono::milliseconds kLookEach{1000};

  // Reads the file; throws core::Broken (io) with the sentence of Tokens::read when it is refused.
  LiveTokens(std::filesystem::path file,
             Tell tell,
             std::chrono::milliseconds look_each = kLookEach);
  ~LiveTokens();
  LiveTokens(const LiveTokens&) = delete;
  LiveTokens& operator=(const LiveTokens&) = delete;

  // Tokens::find.
  [[nodiscard]] std::optional<Identity> find(std::string_view token, core::Timestamp now) const;

 private:
  // By what a file is told from the one that was there before; constant for the same content.
  struct Mark;
  [[nodiscard]] Mark mark() const;
  void watch(std::chrono::milliseconds look_each);
  void look();

  const std::filesystem::path file_;
  const Tell tell_;
  std::unique_ptr<Mark> mark_;  // of what was read last; the thread's, once it runs
  mutable std::mutex mutex_;    // for the next ones
  std::condition_variable stop_;
  bool stopping_ = false;
  std::shared_ptr<const Tokens> tokens_;
  std::thread thread_;  // last: everything it uses exists before it runs
};

}  // namespace infra::access
