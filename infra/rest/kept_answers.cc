#include "infra/rest/kept_answers.h"

namespace infra::rest {

const http::Response* KeptAnswers::find(const patient::PatientId& id, std::uint64_t news) {
  if (news != news_) {
    answers_.clear();
    news_ = news;
  }
  const auto known = answers_.find(id);
  return known == answers_.end() ? nullptr : &known->second;
}

void KeptAnswers::keep(const patient::PatientId& id,
                       std::uint64_t news,
                       const http::Response& answer) {
  if (news != news_ || answer.body.size() > kBodyBytesMax) return;
  if (answers_.size() >= kAnswersMax) answers_.clear();
  answers_.insert_or_assign(id, answer);
}

}  // namespace infra::rest
