#include "tests/kafka/mailroom.h"

#include <gtest/gtest.h>

#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/log_kafka/group_offsets.h"
#include "tests/kafka/foreign.h"

namespace testing_kafka {
namespace {

using core::Raw;
using infra::codec::write_json;
using infra::ingest::kCommunicationEvents;
using patient::Key;
using patient::PatientId;

constexpr std::int32_t kPartitions = 3;

}  // namespace

Mailroom::Mailroom(infra::log_kafka::Settings of_test) : settings(std::move(of_test)) {
  delete_topic(kCommunicationEvents);
  make_topic(kCommunicationEvents, kPartitions);
  open();
  EXPECT_TRUE(kartei_->create_topics(kPartitions, {}));
  for (const std::int64_t number : {1, 2, 3}) create(number);
}

void Mailroom::open() {
  kartei_.reset();
  kartei_ = std::make_unique<infra::service::Kartei>(infra::service::Surroundings{
      folder.path() / "data",
      clock,
      ids,
      [this](std::string_view notice) { notices.emplace_back(notice); },
      [](const infra::service::Progress&) {},
      settings});
}

infra::ingest::Intake::Step Mailroom::take_in() {
  return kartei_->take_in([this](auto submissions) { return kartei_->handle(submissions); });
}

infra::ingest::Intake::Step Mailroom::take_all() {
  infra::ingest::Intake::Step sum;
  for (auto step = take_in(); step.messages > 0; step = take_in()) {
    sum.messages += step.messages;
    sum.recorded += step.recorded;
    sum.duplicates += step.duplicates;
    sum.ignored += step.ignored;
    sum.dead += step.dead;
  }
  return sum;
}

void Mailroom::deliver_again() {
  std::vector<ports::Start> starts;
  for (std::int32_t number = 0; number < kPartitions; ++number) {
    starts.push_back({ports::Partition{number}, ports::Offset{0}});
  }
  const infra::log_kafka::Cluster cluster{settings};
  infra::log_kafka::GroupOffsets{cluster, infra::ingest::kIngestGroup, kCommunicationEvents}.write(
      starts);
  open();
}

void Mailroom::submit(PatientId id, patient::Command command) {
  const handling::Submission submission{patient::CommandId{ids.random()},
                                        infra::codec::command_digest(id, command),
                                        id,
                                        std::move(command),
                                        handling::ExpectAny{},
                                        "test",
                                        patient::CorrelationId{ids.random()}};
  const auto answers = kartei_->handle({&submission, 1});
  ASSERT_TRUE(std::holds_alternative<handling::Done>(answers.front()));
}

void Mailroom::create(std::int64_t number) {
  submit(PatientId::numbered(number),
         patient::Create{{{Key::anrede, std::string{"Frau"}},
                          {Key::geschlecht, std::string{"weiblich"}},
                          {Key::vorname, "Vorname" + std::to_string(number)},
                          {Key::nachname, std::string{"Probe"}}},
                         std::nullopt,
                         {},
                         std::nullopt});
}

void Mailroom::remove(std::int64_t number) {
  submit(PatientId::numbered(number), patient::Delete{});
}

std::string Mailroom::last_contact(std::int64_t number) {
  const auto shown = kartei_->show(PatientId::numbered(number), {});
  if (!shown) return std::string{name(shown.error().code)};
  const std::string json = write_json(shown.value().data);
  const std::string key = R"("letzter_kontakt":)";
  const std::size_t begin = json.find(key) + key.size();
  return json.substr(begin, json.find(',', begin) - begin);
}

std::string Mailroom::contacts(std::int64_t number) {
  const auto found = kartei_->contacts(PatientId::numbered(number), {});
  return found ? write_json(found.value().data) : std::string{name(found.error().code)};
}

std::size_t Mailroom::count_contacts(std::int64_t number) {
  const auto found = kartei_->contacts(PatientId::numbered(number), {});
  return found ? found.value().data.as<Raw::Array>()->size() : 0;
}

std::string Mailroom::dead_letters() { return write_json(kartei_->dead_letters()); }

std::string Mailroom::answers() {
  std::string all = write_json(kartei_->letzter_kontakt({}, {}).value().data) + dead_letters();
  for (const std::int64_t number : {1, 2, 3}) all += contacts(number) + last_contact(number);
  return all;
}

std::int64_t Mailroom::events() {
  const auto stats = *kartei_->event_stats().as<Raw::Array>();
  for (const auto& [name, value] : *stats[1].as<Raw::Object>()) {
    if (name == "records") return *value.as<std::int64_t>();
  }
  return -1;
}

std::string mail(const std::string& id, const std::string& patient, const std::string& at) {
  return R"({"eventId":")" + id + R"(","eventType":"email.sent","version":"1.0","timestamp":")" +
         at + R"(","producer":"communication-service","payload":{"email_id":1,"email_data":)" +
         R"({"betreff":"CANARY"},"communication_type":"email","patient_id":)" + patient +
         R"(,"therapist_id":301}})";
}

std::string call(const std::string& id, const std::string& patient, const std::string& at) {
  return R"({"event_id":")" + id + R"(","event_type":"phone_call.completed","version":"1.0",)" +
         R"("timestamp":")" + at + R"(","producer":"communication-service","payload":)" +
         R"({"call_id":1,"call_data":{"notiz":"CANARY"},"communication_type":"phone_call",)" +
         R"("patient_id":)" + patient + R"(,"therapist_id":null,"outcome":"Mailbox"}})";
}

}  // namespace testing_kafka
