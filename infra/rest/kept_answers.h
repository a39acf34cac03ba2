#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "domain/patient/ids.h"
#include "infra/http/message.h"

namespace infra::rest {

// What was answered about single patients, for whoever asks the same before any read model has
// moved: until then the same question has the same answer, position and all. One thread.
class KeptAnswers {
 public:
  // So many, of so many bytes of body each; beyond, all are forgotten, or the answer is not kept.
  static constexpr std::size_t kAnswersMax = 4'096;
  static constexpr std::size_t kBodyBytesMax = std::size_t{8} * 1024;

  // What was kept while Board::news() was `news`; null: nothing. Another number forgets the rest.
  // Points to what lives until the next call.
  [[nodiscard]] const http::Response* find(const patient::PatientId& id, std::uint64_t news);
  // Nothing happens when an answer with another number was kept meanwhile. `news` was read before
  // the question was asked.
  void keep(const patient::PatientId& id, std::uint64_t news, const http::Response& answer);

 private:
  std::uint64_t news_ = 0;
  std::unordered_map<patient::PatientId, http::Response> answers_;
};

}  // namespace infra::rest
