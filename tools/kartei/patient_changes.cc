#include <memory>
#include <utility>

#include "domain/patient/parse.h"
#include "infra/codec/digest.h"
#include "tools/kartei/change.h"
#include "tools/kartei/input.h"
#include "tools/kartei/set_option.h"

// The verbs of `patient` that change one: from words to one command each.
namespace kartei {
namespace {

struct Options {
  ChangeOptions change;
  std::string id;
  std::string file;
  std::vector<std::string> sets;
  std::string status;
  std::string therapist;
  std::string reason;
  bool reason_given = false;
  std::string at;
  std::string channel = "other";
  std::string source;
};

core::Raw::Object document_of(Session& session, const Options& options) {
  core::Raw::Object document;
  if (!options.file.empty()) document = object_of(read_document(options.file, session.input()));
  apply_sets(options.sets, document);
  return document;
}

template <class T>
T parsed_or_decline(core::Result<T, patient::FieldErrors> result) {
  if (result) return std::move(result).value();
  throw Declined{infra::service::problem_of(patient::Refusal{
      patient::RefusalCode::invalid, "some values break a rule", result.error(), std::nullopt})};
}

patient::TherapistId therapist_id(const std::string& text) {
  const auto therapist = patient::parse_therapist(text);
  if (!therapist) decline_field("therapist_id", "is a number from 1 to 9007199254740991");
  return *therapist;
}

Answer create(Session& session, const Options& options) {
  Change change{session, options.change};
  core::Raw::Object document = document_of(session, options);
  std::optional<patient::PatientId> id;
  if (!options.id.empty()) id = patient_id(options.id);
  auto request = parsed_or_decline(patient::parse_create(core::Raw{std::move(document)}));
  if (id && request.id && *id != *request.id) {
    decline_field("id", "is another one than --id says");
  }
  if (!id) id = request.id;
  return change.submit(std::move(id), std::move(request.command));
}

Answer update(Session& session, const Options& options) {
  Change change{session, options.change};
  const patient::PatientId id = patient_id(options.id);
  auto command =
      parsed_or_decline(patient::parse_update(id, core::Raw{document_of(session, options)}));
  return change.submit(id, std::move(command));
}

Answer change_status(Session& session, const Options& options) {
  Change change{session, options.change};
  const patient::PatientId id = patient_id(options.id);
  const auto status = patient::parse_status(options.status);
  if (!status) decline_field("status", "is one of " + patient::known_statuses());
  return change.submit(id, patient::ChangeStatus{*status});
}

Answer exclude(Session& session, const Options& options) {
  Change change{session, options.change};
  const patient::PatientId id = patient_id(options.id);
  patient::ExcludeTherapist command{therapist_id(options.therapist), std::nullopt};
  if (options.reason_given) command.reason = options.reason;
  return change.submit(id, std::move(command));
}

Answer include(Session& session, const Options& options) {
  Change change{session, options.change};
  const patient::PatientId id = patient_id(options.id);
  return change.submit(id, patient::IncludeTherapist{therapist_id(options.therapist)});
}

Answer contact(Session& session, const Options& options) {
  Change change{session, options.change};
  const patient::PatientId id = patient_id(options.id);
  core::Raw::Object document{{"at", core::Raw{options.at}},
                             {"channel", core::Raw{options.channel}}};
  if (!options.source.empty()) document.emplace_back("source", core::Raw{options.source});
  const auto noted = parsed_or_decline(patient::parse_contact(core::Raw{std::move(document)}));
  patient::Contact contact;
  contact.at = noted.at;
  contact.channel = noted.channel;
  contact.source = noted.source ? infra::codec::contact_source(*noted.source)
                                : infra::codec::contact_source(change.command_id());
  return change.submit(id, patient::RecordContact{std::move(contact)});
}

Answer remove(Session& session, const Options& options) {
  Change change{session, options.change};
  return change.submit(patient_id(options.id), patient::Delete{});
}

using Verb = Answer (*)(Session&, const Options&);

// Adds the verb with the options that every change has; returns its own for more.
std::pair<CLI::App&, std::shared_ptr<Options>> add(Tree& tree,
                                                   CLI::App& noun,
                                                   const Entry& entry,
                                                   Verb verb) {
  auto options = std::make_shared<Options>();
  CLI::App& added = add_verb(
      tree, noun, entry, [verb, options](Session& session) { return verb(session, *options); });
  options->change.add_to(added);
  return {added, options};
}

void add_document(CLI::App& verb, Options& options) {
  verb.add_option("FILE", options.file, "a JSON object with the patient's keys; - for stdin");
  verb.add_option("--set", options.sets, "one key: text as it stands (null clears), else JSON")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_id(CLI::App& verb, Options& options) {
  verb.add_option("ID", options.id, "the patient")->required();
}

}  // namespace

void add_patient_changes(Tree& tree, CLI::App& noun) {
  {
    const auto [verb, options] = add(tree,
                                     noun,
                                     {"create",
                                      "put a new patient on file",
                                      "kartei patient create --set anrede=Frau --set "
                                      "geschlecht=weiblich --set vorname=Ada --set nachname=Probe"},
                                     create);
    add_document(verb, *options);
    verb.add_option("--id", options->id, "its id; without one the next number");
  }
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"update", "change some keys of a patient", "kartei patient update 7 --set ort=null"},
            update);
    add_id(verb, *options);
    add_document(verb, *options);
  }
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"status", "change a patient's status", "kartei patient status 7 in_Therapie"},
            change_status);
    add_id(verb, *options);
    verb.add_option("STATUS", options->status, patient::known_statuses())->required();
  }
  {
    const auto [verb, options] = add(tree,
                                     noun,
                                     {"exclude",
                                      "note that a patient does not want a therapist",
                                      "kartei patient exclude 7 301 --reason \"kein Vertrauen\""},
                                     exclude);
    add_id(verb, *options);
    verb.add_option("THERAPIST", options->therapist, "the therapist's number")->required();
    verb.add_option_function<std::string>(
            "--reason",
            [options = options](const std::string& reason) {
              options->reason = reason;
              options->reason_given = true;
            },
            "why; a new reason replaces the old one")
        ->type_name("TEXT");
  }
  {
    const auto [verb, options] = add(
        tree, noun, {"include", "take back an exclusion", "kartei patient include 7 301"}, include);
    add_id(verb, *options);
    verb.add_option("THERAPIST", options->therapist, "the therapist's number")->required();
  }
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"contact",
             "note a contact with a patient",
             "kartei patient contact 7 --at 2026-01-31T09:30:00Z --channel phone"},
            contact);
    add_id(verb, *options);
    verb.add_option("--at", options->at, "when it was")->type_name("TIME")->required();
    verb.add_option("--channel", options->channel, "email, phone or other (default other)")
        ->type_name("C");
    verb.add_option("--source", options->source, "its id where it comes from; counts once")
        ->type_name("S");
  }
  {
    const auto [verb, options] =
        add(tree,
            noun,
            {"delete", "close a patient's file for ever", "kartei patient delete 7"},
            remove);
    add_id(verb, *options);
  }
}

}  // namespace kartei
