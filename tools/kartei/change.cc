#include "tools/kartei/change.h"

#include <array>
#include <charconv>
#include <utility>

#include "domain/core/match.h"
#include "infra/codec/digest.h"
#include "tools/kartei/present.h"

namespace kartei {
namespace {

using core::Raw;
using infra::service::Problem;
using infra::service::ProblemCode;

core::Uuid uuid_or_random(const std::string& option, const std::string& text, ports::Ids& ids) {
  if (text.empty()) return ids.random();
  const auto uuid = core::Uuid::parse(text);
  if (!uuid) decline_usage(option + " is a UUID such as 0f8fad5b-d9cb-469f-a165-70867728950e");
  return *uuid;
}

handling::Expect parse_expect(const std::string& text) {
  if (text == "any") return handling::ExpectAny{};
  if (text == "none") return handling::ExpectNone{};
  if (text == "exists") return handling::ExpectExists{};
  std::int64_t sequence = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, sequence);
  if (error != std::errc{} || stopped != end || sequence < 0) {
    decline_usage("--expect is any, none, exists or a sequence number");
  }
  return patient::Sequence{sequence};
}

Raw document_of(const handling::Done& done, bool dry_run) {
  const auto* on_file = done.after.on_file();
  Raw::Array events;
  for (const patient::EventType type : done.events) {
    events.push_back(Raw{std::string{patient::name(type)}});
  }
  Raw::Object data{
      {"patient", on_file == nullptr ? Raw{Raw::Null{}} : patient::to_raw(done.patient, *on_file)},
      {"sequence", Raw{done.sequence.get()}},
      {"events", Raw{std::move(events)}},
      {"deduplicated", Raw{done.deduplicated}}};
  if (dry_run) data.emplace_back("dry_run", Raw{true});
  return Raw{std::move(data)};
}

std::string sentence(const std::string& id, const Raw& data) {
  const bool dry_run = !member(data, "dry_run").is_null();
  const auto& events = elements(member(data, "events"));
  std::string text = "patient " + id + ": ";
  if (events.empty()) {
    text += "nothing to change";
  } else {
    text += (dry_run ? "would be " : "") + cell(member(data, "events"));
  }
  text += " (sequence " + cell(member(data, "sequence"));
  if (*member(data, "deduplicated").as<bool>()) text += ", done before by the same command";
  return text + ")\n";
}

}  // namespace

void ChangeOptions::add_to(CLI::App& verb) {
  verb.add_option("--expect", expect, "refuse unless the patient is as you know it (default any)")
      ->type_name("any|none|exists|N");
  verb.add_option("--command-id", command_id, "repeating a command with the same id is safe")
      ->type_name("UUID");
  add_actor_option(verb, actor);
  verb.add_option("--correlation-id", correlation_id, "what this is part of")->type_name("UUID");
  verb.add_flag("--dry-run", dry_run, "answer as the command would, and append nothing");
}

Change::Change(Session& session, const ChangeOptions& options)
    : session_(session),
      command_id_(uuid_or_random("--command-id", options.command_id, session.ids())),
      correlation_id_(uuid_or_random("--correlation-id", options.correlation_id, session.ids())),
      expect_(parse_expect(options.expect)),
      actor_(options.actor),
      dry_run_(options.dry_run) {
  check_actor(actor_);
}

Answer Change::submit(std::optional<patient::PatientId> id, patient::Command command) {
  const patient::Digest digest = infra::codec::command_digest(id, command);
  const std::array<handling::Submission, 1> submissions{
      handling::Submission{.command_id = command_id_,
                           .digest = digest,
                           .patient = std::move(id),
                           .command = std::move(command),
                           .expect = expect_,
                           .actor = actor_,
                           .correlation_id = correlation_id_,
                           .dry_run = dry_run_}};
  const std::vector<handling::Answer> answers = session_.kartei().handle(submissions);
  return core::match(
      answers.at(0),
      [&](const handling::Done& done) {
        Answer answer{.data = document_of(done, dry_run_),
                      .for_people = [id = done.patient.text()](const Raw& data) {
                        return sentence(id, data);
                      }};
        if (done.position) answer.position = session_.kartei().token(*done.position);
        return answer;
      },
      [](const patient::Refusal& refusal) -> Answer {
        throw Declined{infra::service::problem_of(refusal)};
      },
      [&](const handling::OutcomeUnknown& unknown) -> Answer {
        throw Declined{Problem{ProblemCode::outcome_unknown,
                               unknown.why + "; asking again with --command-id " +
                                   command_id_.get().text() + " is safe"}};
      });
}

}  // namespace kartei
