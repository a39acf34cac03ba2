#include "infra/codec/communication.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <sstream>

#include "infra/codec/digest.h"
#include "tests/codec/documents.h"
#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

using patient::Channel;
using patient::Direction;
using Reason = NotAContact::Reason;

Communication parsed(const std::string& text) { return parse_communication(documents::json(text)); }

std::string email_to(const std::string& patient) {
  return R"({"eventId":"e-1","eventType":"email.sent","timestamp":"2026-01-02T03:04:05",)"
         R"("payload":{)" +
         patient + "}}";
}

ContactOf contact_of(const std::string& text) {
  const Communication communication = parsed(text);
  if (const auto* contact = std::get_if<ContactOf>(&communication)) return *contact;
  ADD_FAILURE() << "is no contact: " << text;
  return {patient::PatientId::numbered(1), {}};
}

bool is_refused(const std::string& text) {
  return std::holds_alternative<RefusedCommunication>(parsed(text));
}

const Communication kNoPatient = NotAContact{Reason::no_patient};
const Communication kOtherType = NotAContact{Reason::other_type};

TEST(Communication, IsAContactAtTheEventsOwnTimeFromTheEventsOwnId) {
  const auto at = samples::day(2026, 1, 2) + std::chrono::seconds{3 * 3600 + 4 * 60 + 5};
  const patient::Contact contact{
      at, Channel::email, Direction::outgoing, patient::TherapistId{301}, contact_source("e-1")};
  EXPECT_EQ(parsed(email_to(R"("patient_id":7,"therapist_id":301)")),
            (Communication{
                ContactOf{patient::PatientId::numbered(7), {contact, patient::Reporter::ingest}}}));
}

TEST(Communication, IsTakenInBothSpellings) {
  const auto camel =
      contact_of(R"({"eventId":"e","eventType":"phone_call.completed","timestamp":"2026-01-02",)"
                 R"("payload":{"patientId":"A-1","therapistId":"5"}})");
  const auto snake = contact_of(
      R"({"event_id":"e","event_type":"phone_call.completed","timestamp":"2026-01-02 00:00Z",)"
      R"("payload":{"patient_id":"A-1","therapist_id":5}})");
  EXPECT_EQ(camel, snake);
  EXPECT_EQ(camel.contact.contact.channel, Channel::phone);
  EXPECT_EQ(camel.contact.contact.direction, Direction::unknown);
}

TEST(Communication, NamesItsPatientByNumberOrText) {
  EXPECT_EQ(contact_of(email_to(R"("patient_id":3)")).patient.text(), "3");
  EXPECT_EQ(contact_of(email_to(R"("patient_id":"3")")).patient.text(), "3");
  EXPECT_EQ(contact_of(email_to(R"("patient_id":"K.7")")).patient.text(), "K.7");
}

TEST(Communication, WithoutAPatientIsNoContact) {
  for (const std::string patient : {R"("patient_id":null)",
                                    R"("patient_id":0)",
                                    R"("patient_id":"0")",
                                    R"("patient_id":"")",
                                    R"("email_id":1)"}) {
    EXPECT_EQ(parsed(email_to(patient)), kNoPatient) << patient;
  }
}

TEST(Communication, OfAnotherTypeIsNoContact) {
  EXPECT_EQ(parsed(R"({"eventId":"e","eventType":"communication.call_scheduled","payload":{}})"),
            kOtherType);
  EXPECT_EQ(parsed(R"({"eventId":"e","eventType":"Email.Sent","payload":{"patient_id":1}})"),
            kOtherType);
}

TEST(Communication, WithATherapistThatIsNoneIsAContactAllTheSame) {
  for (const std::string therapist : {"null", "0", "-1", "1.5", "\"x\"", "[]"}) {
    const auto contact = contact_of(email_to(R"("patient_id":1,"therapist_id":)" + therapist));
    EXPECT_EQ(contact.contact.contact.therapist, std::nullopt) << therapist;
  }
}

TEST(Communication, ThatIsNoEnvelopeIsRefused) {
  const std::string payload = R"("payload":{"patient_id":1})";
  const std::string time = R"("timestamp":"2026-01-02T03:04:05Z")";
  const std::string type = R"("eventType":"email.sent")";
  for (const std::string& text : {
           std::string{"[]"},
           std::string{"7"},
           "{" + type + "," + time + "," + payload + "}",
           R"({"eventId":7,)" + type + "," + time + "," + payload + "}",
           R"({"eventId":"",)" + type + "," + time + "," + payload + "}",
           R"({"eventId":"a\nb",)" + type + "," + time + "," + payload + "}",
           R"({"eventId":")" + std::string(201, 'x') + "\"," + type + "," + time + "," + payload +
               "}",
           R"({"eventId":"e",)" + time + "," + payload + "}",
           R"({"eventId":"e","eventType":1,)" + time + "," + payload + "}",
           R"({"eventId":"e",)" + type + "," + time + "}",
           R"({"eventId":"e",)" + type + "," + time + R"(,"payload":null})",
           R"({"eventId":"e",)" + type + "," + time + R"(,"payload":"x"})",
           R"({"eventId":"e",)" + type + "," + payload + "}",
           R"({"eventId":"e",)" + type + R"(,"timestamp":"soon",)" + payload + "}",
           R"({"eventId":"e",)" + type + R"(,"timestamp":1767322800,)" + payload + "}",
           email_to(R"("patient_id":-1)"),
           email_to(R"("patient_id":1.5)"),
           email_to(R"("patient_id":"007")"),
           email_to(R"("patient_id":{})"),
       }) {
    EXPECT_TRUE(is_refused(text)) << text;
  }
}

TEST(Communication, OfTheSampleAddsUp) {
  std::istringstream lines{documents::text_of("communication-events.jsonl")};
  std::set<std::uint64_t> sources;
  int contacts = 0;
  int ignored = 0;
  for (std::string line; std::getline(lines, line);) {
    SCOPED_TRACE(line);
    const Communication communication = parsed(line);
    ASSERT_FALSE(std::holds_alternative<RefusedCommunication>(communication));
    if (const auto* contact = std::get_if<ContactOf>(&communication)) {
      ++contacts;
      sources.insert(contact->contact.contact.source.digest.get());
    } else {
      ++ignored;
    }
  }
  EXPECT_EQ(contacts, 46);
  EXPECT_EQ(sources.size(), 42U);
  EXPECT_EQ(ignored, 14);
}

}  // namespace
}  // namespace infra::codec
