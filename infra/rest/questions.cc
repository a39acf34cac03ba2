#include <algorithm>

#include "infra/rest/answers.h"
#include "infra/rest/means.h"
#include "infra/rest/reading.h"
#include "infra/rest/routes.h"
#include "infra/rest/shown.h"

// The questions. What they mean is infra/service's; here they get the shapes that clients know.
namespace infra::rest {
namespace {

using core::Failure;
using core::Raw;
using service::Answered;
using service::Kartei;
using service::Outcome;
using service::Wait;

constexpr std::int64_t kLimitMax = 1'000;
constexpr std::int64_t kPageMax = std::int64_t{1} << 40;

// Asks `question` and answers with what it answers.
template <class Asked>
void ask(const Means& means, std::shared_ptr<Call> call, Asked question) {
  means.asking.ask(std::move(call),
                   [question = std::move(question)](Kartei& kartei,
                                                    const Wait& wait) -> Outcome<http::Response> {
                     const Outcome<Answered> answered = question(kartei, wait);
                     if (!answered) return Failure{as_clients_know_it(answered.error())};
                     return document(answered.value(), answered.value().data);
                   });
}

void note_all(const Means& means, const Call& call, const Raw& patients, const char* what) {
  if (means.read_log == nullptr) return;
  for (const Raw& row : *patients.as<Raw::Array>()) {
    const Raw& by_id = member(row, "id");
    const auto id = patient::parse_id(by_id.is_null() ? member(row, "patient_id") : by_id);
    if (id) note_shown(means, call, *id, what);
  }
}

// Whether one of the tags that a client has (a list, or * for any) is `tag`. A weak one will do:
// who reads does not compare bytes (RFC 9110, 13.1.2).
bool has_already(std::string_view tags, std::string_view tag) {
  while (!tags.empty()) {
    std::string_view one = tags.substr(0, tags.find(','));
    tags.remove_prefix(std::min(tags.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag || one == "*") return true;
  }
  return false;
}

http::Response shown(const Answered& answered) {
  http::Response response = document(answered, member(answered.data, "patient"));
  if (answered.without_contacts)
    response.headers.push_back({"ETag", entity_tag(*answered.without_contacts)});
  return response;
}

// What is known of a patient as the answer to this call: it is noted, and whoever has it already is
// told so.
http::Response given(const Means& means,
                     const Call& call,
                     const patient::PatientId& id,
                     http::Response response) {
  note_shown(means, call, id, "patient");
  const auto known = call.request.header("if-none-match");
  if (!known) return response;
  for (const http::Header& header : response.headers) {
    if (header.name == "ETag" && has_already(*known, header.value)) response.status = 304;
  }
  return response;
}

// What the contacts of a patient come to, as the original's clients know it.
Raw communication_of(const Raw& patient, const Raw& contacts) {
  std::int64_t emails = 0;
  std::int64_t calls = 0;
  for (const Raw& contact : *contacts.as<Raw::Array>()) {
    const auto* channel = member(contact, "channel").as<std::string>();
    if (channel == nullptr) continue;
    emails += *channel == "email" ? 1 : 0;
    calls += *channel == "phone" ? 1 : 0;
  }
  const auto text = [&](std::string_view key) {
    const auto* value = member(patient, key).as<std::string>();
    return value == nullptr ? std::string{} : *value;
  };
  return Raw{Raw::Object{{"patient_id", member(patient, "id")},
                         {"patient_name", Raw{text("vorname") + ' ' + text("nachname")}},
                         {"last_contact", member(patient, "letzter_kontakt")},
                         {"total_emails", Raw{emails}},
                         {"total_calls", Raw{calls}},
                         {"communications", contacts}}};
}

}  // namespace

void show_patient(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {"as_of"});
  const patient::PatientId id = patient_of(*call);
  const auto as_of = time_parameter(call->request, "as_of");
  if (as_of) {
    return means.asking.ask(
        call,
        [&means, id, as_of, call](Kartei& kartei, const Wait& wait) -> Outcome<http::Response> {
          const auto answered = kartei.show_as_of(id, *as_of, wait);
          if (!answered) return Failure{as_clients_know_it(answered.error())};
          return given(means, *call, id, shown(answered.value()));
        });
  }
  means.asking.ask_at_once(
      call,
      id,
      [id](Kartei& kartei, const Wait& wait) -> Outcome<http::Response> {
        const auto answered = kartei.show(id, wait);
        if (!answered) return Failure{as_clients_know_it(answered.error())};
        return shown(answered.value());
      },
      [&means, id](const Call& asking, http::Response response) {
        return given(means, asking, id, std::move(response));
      });
}

void list_patients(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {"status", "search", "page", "limit"});
  service::ListFilter filter;
  // A form that is sent with nothing chosen asks for all.
  if (const auto status = call->request.parameter("status"); status && !status->empty()) {
    filter.status = patient::parse_status(*status);
    if (!filter.status) decline_field("status", "is one of " + patient::known_statuses());
  }
  if (const auto search = call->request.parameter("search"); search && !search->empty())
    filter.search = std::string{*search};
  filter.page = number_parameter(call->request, "page", 1, kPageMax).value_or(1);
  filter.limit = number_parameter(call->request, "limit", 1, kLimitMax).value_or(filter.limit);
  ask(means, call, [&means, filter, call](Kartei& kartei, const Wait& wait) {
    auto answered = kartei.list(filter, wait);
    if (answered) note_all(means, *call, member(answered.value().data, "data"), "list");
    return answered;
  });
}

void show_history(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  ask(means, call, [&means, id, call](Kartei& kartei, const Wait& wait) {
    auto answered = kartei.history(id, wait);
    if (answered) note_shown(means, *call, id, "history");
    return answered;
  });
}

void show_communication(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  const patient::PatientId id = patient_of(*call);
  ask(means, call, [&means, id, call](Kartei& kartei, const Wait& wait) -> Outcome<Answered> {
    const auto patient = kartei.show(id, wait);
    if (!patient) return patient;
    auto contacts = kartei.contacts(id, wait);
    if (!contacts) return contacts;
    note_shown(means, *call, id, "communication");
    Answered answered = std::move(contacts).value();
    answered.data = communication_of(member(patient.value().data, "patient"), answered.data);
    return answered;
  });
}

void query_letzter_kontakt(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {"before", "never", "limit"});
  const service::ContactFilter filter{date_parameter(call->request, "before"),
                                      flag_parameter(call->request, "never"),
                                      number_parameter(call->request, "limit", 1, kLimitMax)};
  ask(means, call, [&means, filter, call](Kartei& kartei, const Wait& wait) {
    auto answered = kartei.letzter_kontakt(filter, wait);
    if (answered) note_all(means, *call, answered.value().data, "letzter_kontakt");
    return answered;
  });
}

void query_exclusions(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {"patient", "therapist"});
  service::ExclusionFilter filter;
  if (const auto text = call->request.parameter("patient")) {
    filter.patient = patient::PatientId::parse(*text);
    if (!filter.patient) decline_field("patient", "is a patient's id");
  }
  if (const auto text = call->request.parameter("therapist")) {
    filter.therapist = patient::parse_therapist(*text);
    if (!filter.therapist) decline_field("therapist", "is a number from 1 to 9007199254740991");
  }
  ask(means, call, [&means, filter, call](Kartei& kartei, const Wait& wait) {
    auto answered = kartei.exclusions(filter, wait);
    if (answered) note_all(means, *call, answered.value().data, "exclusions");
    return answered;
  });
}

void query_status_summary(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  ask(means, std::move(call), [](Kartei& kartei, const Wait& wait) {
    return kartei.status_summary(wait);
  });
}

void query_status_durations(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  ask(means, std::move(call), [](Kartei& kartei, const Wait& wait) {
    return kartei.status_durations(wait);
  });
}

void list_projections(const Means& means, std::shared_ptr<Call> call) {
  expect_parameters(call->request, {});
  means.asking.ask(std::move(call), [](Kartei& kartei, const Wait&) -> Outcome<http::Response> {
    return document(kartei.projections());
  });
}

}  // namespace infra::rest
