#include "infra/service/kartei.h"

#include "infra/codec/position_token.h"
#include "infra/queries/patients.h"
#include "infra/queries/timeline.h"
#include "infra/service/parts.h"

namespace infra::service {
namespace {

using core::Failure;
using core::Raw;

Problem no_such_patient() { return {ProblemCode::not_found, "there is no such patient"}; }

Problem quarantined(const std::string& why) {
  return {
      ProblemCode::quarantined,
      "the patient's last record cannot be read (" + why + "); `kartei events repair ID` mends it"};
}

// Asks one read model.
template <class Question>
Outcome<Answered> ask(LiveModels& models,
                      std::string_view name,
                      const Wait& wait,
                      const Question& question) {
  return models.healed({name}, [&]() -> Outcome<Answered> {
    const auto view = models.view(name, wait);
    if (!view) return Failure{view.error()};
    Outcome<Raw> answer = question(*models.reader(name, view.value()));
    if (!answer) return Failure{answer.error()};
    return Answered{std::move(answer).value(), token_of(view.value()), view.value().lag_events};
  });
}

}  // namespace

Kartei::Kartei(Surroundings surroundings)
    : parts_(std::make_unique<Parts>(std::move(surroundings))) {}
Kartei::Kartei(Surroundings surroundings, const Shared& shared)
    : parts_(std::make_unique<Parts>(std::move(surroundings), &shared)) {}
Kartei::~Kartei() = default;

std::vector<handling::Answer> Kartei::handle(std::span<const handling::Submission> submissions) {
  return parts_->handle(submissions);
}

std::string Kartei::token(const handling::Position& position) {
  return codec::format({parts_->log().identity().incarnation,
                        {{position.partition, position.events, position.history}}});
}

Outcome<Answered> Kartei::show(const patient::PatientId& id, const Wait& wait) {
  std::optional<patient::Sequence> without_contacts;
  auto answered =
      ask(parts_->models(), "directory", wait, [&](sqlite::Connection& model) -> Outcome<Raw> {
        if (auto shown = queries::show(model, id)) {
          without_contacts = shown->without_contacts;
          return std::move(shown->data);
        }
        // Who is in quarantine has no rows.
        const auto why = queries::quarantine_error(model, id);
        return Failure{why ? quarantined(*why) : no_such_patient()};
      });
  if (!answered) return answered;
  Answered answer = std::move(answered).value();
  answer.without_contacts = without_contacts;
  return answer;
}

Outcome<Answered> Kartei::list(const ListFilter& filter, const Wait& wait) {
  return ask(parts_->models(), "directory", wait, [&](sqlite::Connection& directory) {
    return queries::list(directory, {filter.status, filter.search, filter.page, filter.limit});
  });
}

Outcome<Answered> Kartei::status_summary(const Wait& wait) {
  return ask(parts_->models(), "directory", wait, [](sqlite::Connection& directory) {
    return queries::status_summary(directory);
  });
}

Outcome<Answered> Kartei::show_as_of(const patient::PatientId& id,
                                     core::Timestamp as_of,
                                     const Wait& wait) {
  return ask(parts_->models(), "timeline", wait, [&](sqlite::Connection& timeline) -> Outcome<Raw> {
    if (const auto why = queries::quarantine_error(timeline, id)) return Failure{quarantined(*why)};
    const patient::State state = queries::fold_until(timeline, parts_->codec, id, as_of);
    const patient::OnFile* patient = state.on_file();
    if (patient == nullptr) {
      return Failure{Problem{ProblemCode::not_found, "there was no such patient at that time"}};
    }
    return Raw{
        Raw::Object{{"patient", to_raw(id, *patient)}, {"sequence", Raw{state.sequence.get()}}}};
  });
}

Outcome<Answered> Kartei::history(const patient::PatientId& id, const Wait& wait) {
  return ask(parts_->models(), "timeline", wait, [&](sqlite::Connection& timeline) -> Outcome<Raw> {
    if (const auto why = queries::quarantine_error(timeline, id)) return Failure{quarantined(*why)};
    const patient::State state = queries::fold_until(timeline, parts_->codec, id, std::nullopt);
    const bool was_created =
        state.on_file() != nullptr || std::holds_alternative<patient::Gone>(state.standing);
    if (!was_created) return Failure{no_such_patient()};
    return queries::history(timeline, parts_->codec, id);
  });
}

}  // namespace infra::service
