#include "infra/codec/digest.h"
#include "infra/codec/patient_json.h"
#include "infra/rest/answers.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"
#include "infra/rest/shown.h"

// The commands: one request, one command each.
namespace infra::rest {
namespace {

using core::Raw;

// The patient as it is now, as clients of the original know it.
http::Response patient_answer(const handling::Done& done, int status) {
  const auto* on_file = done.after.on_file();
  if (on_file == nullptr) {
    return answer_of({service::ProblemCode::deleted, "the patient was deleted meanwhile"});
  }
  http::Response response = document(codec::patient_json(done.patient, *on_file), status);
  response.headers.push_back({"ETag", entity_tag(done.after.sequence_without_contacts)});
  return response;
}

http::Response changed(const handling::Done& done) { return patient_answer(done, 200); }

// A change that changes nothing is answered with the patient, too: nobody reads unnoticed.
void submit(const Means& means,
            std::shared_ptr<Call> call,
            std::optional<patient::PatientId> id,
            patient::Command command,
            Commanding::Shape shape = changed) {
  const auto noted = [&means, call, shape = std::move(shape)](const handling::Done& done) {
    if (done.after.on_file() != nullptr) note_shown(means, *call, done.patient, "change");
    return shape(done);
  };
  means.commanding.submit(call, std::move(id), std::move(command), noted);
}

http::Response created(const handling::Done& done) {
  http::Response response = patient_answer(done, 201);
  response.headers.push_back({"Location", "/api/patients/" + done.patient.text()});
  return response;
}

}  // namespace

void create_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  auto request = parsed_or_decline(patient::parse_create(body_of(call->request)));
  submit(means, std::move(call), std::move(request.id), std::move(request.command), created);
}

void update_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  auto command = parsed_or_decline(patient::parse_update(id, body_of(call->request)));
  submit(means, std::move(call), id, std::move(command));
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
  const auto command = parsed_or_decline(patient::parse_status_change(body_of(call->request)));
  submit(means, std::move(call), id, command);
}

void exclude_therapist(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  auto command = parsed_or_decline(
      patient::parse_exclusion(therapist_of(*call), body_of(call->request, true)));
  submit(means, std::move(call), id, std::move(command));
}

void include_therapist(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  const patient::IncludeTherapist command{therapist_of(*call)};
  submit(means, std::move(call), id, command);
}

void record_contact(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  const auto noted = parsed_or_decline(patient::parse_contact(body_of(call->request)));
  patient::Contact contact;
  contact.at = noted.at;
  contact.channel = noted.channel;
  contact.source = noted.source ? codec::contact_source(*noted.source)
                                : codec::contact_source(means.commanding.command_id_of(*call));
  submit(means, std::move(call), id, patient::RecordContact{std::move(contact)});
}

}  // namespace infra::rest
