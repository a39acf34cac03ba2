#include <algorithm>

#include "domain/core/text.h"
#include "infra/codec/digest.h"
#include "infra/rest/answers.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"

// The commands: one request, one command each.
namespace infra::rest {
namespace {

using core::Raw;

constexpr std::size_t kSourceMax = 200;

// The patient as it is now, as clients of the original know it.
http::Response patient_answer(const handling::Done& done, int status) {
  const auto* on_file = done.after.on_file();
  if (on_file == nullptr) {
    return answer_of({service::ProblemCode::deleted, "the patient was deleted meanwhile"});
  }
  http::Response response = document(patient::to_raw(done.patient, *on_file), status);
  response.headers.push_back({"ETag", entity_tag(done.after.sequence_without_contacts)});
  return response;
}

http::Response changed(const handling::Done& done) { return patient_answer(done, 200); }

http::Response created(const handling::Done& done) {
  http::Response response = patient_answer(done, 201);
  response.headers.push_back({"Location", "/api/patients/" + done.patient.text()});
  return response;
}

void expect_members(const Raw& object, std::initializer_list<std::string_view> known) {
  Raw::Object fields;
  for (const auto& [key, value] : *object.as<Raw::Object>()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      fields.emplace_back(key, Raw{std::string{"is unknown here"}});
  }
  if (fields.empty()) return;
  decline({service::ProblemCode::invalid,
           "the body has unknown keys",
           {{"fields", Raw{std::move(fields)}}}});
}

const std::string* text_member(const Raw& object, const std::string& key) {
  const Raw& value = member(object, key);
  if (value.is_null()) return nullptr;
  const auto* text = value.as<std::string>();
  if (text == nullptr) decline_field(key, "is a text");
  return text;
}

}  // namespace

void create_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  auto request = parsed_or_decline(patient::parse_create(body_of(call->request)));
  means.commanding.submit(
      std::move(call), std::move(request.id), std::move(request.command), created);
}

void update_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  auto command = parsed_or_decline(patient::parse_update(id, body_of(call->request)));
  means.commanding.submit(std::move(call), id, std::move(command), changed);
}

void delete_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  means.commanding.submit(std::move(call), id, patient::Delete{}, [](const handling::Done&) {
    return document(
        Raw{Raw::Object{{"message", Raw{std::string{"Patient deleted successfully"}}}}});
  });
}

void change_status(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  const Raw body = body_of(call->request);
  expect_members(body, {"status"});
  const std::string* text = text_member(body, "status");
  const auto status = text == nullptr ? std::nullopt : patient::parse_status(*text);
  if (!status) decline_field("status", "is one of " + patient::known_statuses());
  means.commanding.submit(std::move(call), id, patient::ChangeStatus{*status}, changed);
}

void exclude_therapist(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  patient::ExcludeTherapist command{therapist_of(*call), std::nullopt};
  const Raw body = body_of(call->request, true);
  expect_members(body, {"reason"});
  if (const std::string* reason = text_member(body, "reason")) command.reason = *reason;
  means.commanding.submit(std::move(call), id, std::move(command), changed);
}

void include_therapist(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  const patient::IncludeTherapist command{therapist_of(*call)};
  means.commanding.submit(std::move(call), id, command, changed);
}

// Without a source a contact is known by the command that reported it, so that repeating the
// request is one contact.
void record_contact(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  const Raw body = body_of(call->request);
  expect_members(body, {"at", "channel", "source"});
  const std::string* at = text_member(body, "at");
  const auto time = at == nullptr ? std::nullopt : core::parse_timestamp(*at);
  if (!time) decline_field("at", "is a time such as 2026-01-31T09:30:00Z");
  const std::string* channel_name = text_member(body, "channel");
  const auto channel = patient::parse_channel(channel_name == nullptr ? "other" : *channel_name);
  if (!channel) decline_field("channel", "is one of email, phone, other");
  const std::string* source = text_member(body, "source");
  const auto length = source == nullptr ? std::nullopt : core::count_characters(*source);
  if (source != nullptr && (!length || *length < 1 || *length > kSourceMax))
    decline_field("source", "is 1 to 200 characters");
  patient::Contact contact;
  contact.at = *time;
  contact.channel = *channel;
  const patient::CommandId command_id = means.commanding.command_id_of(*call);
  contact.source =
      codec::contact_source(source == nullptr ? "manual:" + command_id.get().text() : *source);
  means.commanding.submit(std::move(call), id, patient::RecordContact{std::move(contact)}, changed);
}

}  // namespace infra::rest
