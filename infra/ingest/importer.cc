#include "infra/ingest/importer.h"

#include <utility>

#include "domain/core/broken.h"
#include "domain/core/match.h"
#include "infra/codec/communication.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/registration.h"

namespace infra::ingest {
namespace {

using core::Raw;
using patient::RefusalCode;

std::string sentence(const patient::FieldErrors& errors) {
  std::string text;
  for (const auto& [key, why] : errors) {
    if (!text.empty()) text += "; ";
    text += key + ' ' + why;
  }
  return text;
}

std::string sentence(const patient::Refusal& refusal) {
  return refusal.fields.empty() ? refusal.message : sentence(refusal.fields);
}

std::string sentence(const codec::JsonError& error) {
  return "line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " +
         error.message;
}

Raw to_raw(const Refused& refused) {
  Raw line = refused.line > 0 ? Raw{refused.line} : Raw{Raw::Null{}};
  return Raw{Raw::Object{{"file", Raw{refused.file}},
                         {"line", std::move(line)},
                         {"code", Raw{refused.code}},
                         {"message", Raw{refused.message}}}};
}

}  // namespace

Raw Summary::to_raw() const {
  Raw::Array all;
  for (const Refused& one : refused) all.push_back(ingest::to_raw(one));
  return Raw{Raw::Object{{"imported", Raw{imported}},
                         {"duplicates", Raw{duplicates}},
                         {"ignored", Raw{ignored}},
                         {"refused", Raw{std::move(all)}}}};
}

std::optional<std::string> Summary::warning() const {
  if (without_reference == 0) return std::nullopt;
  std::string text = "no payment reference, for the registration had no token: patient";
  for (std::size_t at = 0; at < first_without_reference.size(); ++at)
    text += (at == 0 ? " " : ", ") + first_without_reference[at].text();
  const auto more = without_reference - static_cast<std::int64_t>(first_without_reference.size());
  if (more > 0) text += " and " + std::to_string(more) + " more";
  return text;
}

Importer::Importer(Content content, std::string actor, ports::Ids& ids, Handle handle)
    : content_(content), actor_(std::move(actor)), ids_(ids), handle_(std::move(handle)) {}

void Importer::add(Item item) {
  if (content_ == Content::registrations) {
    read_registration(item);
  } else {
    read_communication(item);
  }
  ++added_;
  if (waiting_.size() >= kBatchMax || waiting_bytes_ >= kBatchBytesMax) submit();
}

void Importer::finish() { submit(); }

void Importer::read_registration(const Item& item) {
  auto document = codec::read_json(item.bytes);
  if (!document) return refuse(place_of(item), "invalid", sentence(document.error()));
  auto create = codec::parse_registration(document.value());
  if (!create) return refuse(place_of(item), "invalid", sentence(create.error()));
  queue(item, std::nullopt, std::move(create).value());
}

void Importer::read_communication(const Item& item) {
  auto document = codec::read_json(item.bytes);
  if (!document) return refuse(place_of(item), "invalid", sentence(document.error()));
  core::match(
      codec::parse_communication(document.value()),
      [&](codec::ContactOf contact) { queue(item, contact.patient, std::move(contact.contact)); },
      [&](const codec::NotAContact&) { ++summary_.ignored; },
      [&](const codec::RefusedCommunication& refused) {
        refuse(place_of(item), "invalid", refused.message);
      });
}

void Importer::refuse(const Place& place, std::string code, std::string message) {
  summary_.refused.push_back(
      {place.file, place.line, std::move(code), std::move(message), place.number});
}

void Importer::queue(const Item& item,
                     std::optional<patient::PatientId> id,
                     patient::Command command) {
  handling::Submission submission{patient::CommandId{ids_.random()},
                                  codec::command_digest(id, command),
                                  std::move(id),
                                  std::move(command),
                                  handling::ExpectAny{},
                                  actor_,
                                  patient::CorrelationId{ids_.random()}};
  waiting_.push_back(std::move(submission));
  places_.push_back(place_of(item));
  waiting_bytes_ += item.bytes.size();
}

void Importer::submit() {
  if (waiting_.empty()) return;
  const std::vector<handling::Answer> answers = handle_(waiting_);
  for (std::size_t at = 0; at < answers.size(); ++at) {
    count(places_[at], answers[at]);
    note_missing_reference(waiting_[at].command, answers[at]);
  }
  waiting_.clear();
  places_.clear();
  waiting_bytes_ = 0;
}

void Importer::note_missing_reference(const patient::Command& command,
                                      const handling::Answer& answer) {
  const auto* create = std::get_if<patient::Create>(&command);
  const auto* done = std::get_if<handling::Done>(&answer);
  if (create == nullptr || create->registration->identity.token) return;
  if (done == nullptr || done->deduplicated || done->events.empty()) return;
  ++summary_.without_reference;
  if (summary_.first_without_reference.size() < Summary::kNamedMax)
    summary_.first_without_reference.push_back(done->patient);
}

void Importer::count(const Place& place, const handling::Answer& answer) {
  core::match(
      answer,
      [&](const handling::Done& done) {
        ++(done.deduplicated || done.events.empty() ? summary_.duplicates : summary_.imported);
      },
      [&](const patient::Refusal& refusal) {
        // A contact of a deleted patient changes nothing, and nobody has to do anything about it.
        if (content_ == Content::communications && refusal.code == RefusalCode::deleted) {
          ++summary_.ignored;
        } else {
          refuse(place, std::string{patient::name(refusal.code)}, sentence(refusal));
        }
      },
      [](const handling::OutcomeUnknown& unknown) {
        throw OutcomeUnknownError(
            "the import stopped: " + unknown.why +
            "; import the same again, what is in the log counts as duplicate");
      });
}

}  // namespace infra::ingest
