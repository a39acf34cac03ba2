#include <gtest/gtest.h>

#include "tests/whole/process.h"

namespace {

using whole::new_patient;
using whole::Place;
using whole::sample;

TEST(Contract, RefusesTheSameTokenWithAnotherContent) {
  Place place;
  ASSERT_EQ(place.json({"import", "registrations", sample("registrations")}).status, 0);
  std::string changed;
  for (const auto& file : std::filesystem::directory_iterator{sample("registrations")}) {
    const std::string bytes = whole::bytes_of(file.path());
    if (bytes.find("Annegret") != std::string::npos) changed = bytes;
  }
  changed.replace(changed.find("Annegret"), 8, "Annegrit");
  const auto ran = place.json({"import", "registrations", place.write("changed.json", changed)});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.at("data.refused.0.code"), "\"registration_changed\"") << ran.out;
}

TEST(Contract, WarnsOfPatientsWithoutAPaymentReference) {
  Place place;
  const auto ran = place.json({"import", "registrations", sample("registrations")});
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(
      ran.err.find("warning: no payment reference, for the registration had no token: patient "
                   "5, 11\n"),
      std::string::npos)
      << ran.err;
  EXPECT_EQ(place.json({"patient", "show", "5"}).at("data.patient.zahlungsreferenz"), "null");
  EXPECT_EQ(place.json({"import", "registrations", sample("registrations")}).err, "");
}

TEST(Contract, NamesEveryWrongKeyOfARefusedFile) {
  Place place;
  const std::string file = place.write("wrong.json",
                                       R"({"patient_data": {"vorname": "", "geburtsdatum": "x",
                                           "geschlecht": "weiblich", "email": 7},
                                           "registration_token": "123"})");
  const auto ran = place.json({"import", "registrations", file});
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.at("ok"), "true");
  EXPECT_EQ(ran.at("data.refused.0.file"), '"' + file + '"');
  EXPECT_EQ(ran.at("data.refused.0.line"), "null");
  EXPECT_EQ(ran.at("data.refused.0.code"), "\"invalid\"");
  const std::string message = ran.at("data.refused.0.message");
  for (const char* key :
       {"anrede", "email", "geburtsdatum", "nachname", "registration_token", "vorname"}) {
    EXPECT_NE(message.find(key), std::string::npos) << message;
  }
  EXPECT_EQ(message.find("geschlecht"), std::string::npos) << message;
}

TEST(Contract, KnowsARegistrationAgainHoweverItIsWritten) {
  Place place;
  const std::string file = sample("registrations/05-trautwein.json");
  ASSERT_EQ(place.json({"import", "registrations", file}).at("data.imported"), "1");
  const std::string bytes = whole::bytes_of(file);
  const std::size_t data = bytes.find("\"patient_data\"");
  const std::size_t consent = bytes.find("\"consent_metadata\"");
  ASSERT_LT(data, consent);
  const std::string reordered = "{\t" + bytes.substr(consent, bytes.rfind('}') - consent) + ",\n" +
                                bytes.substr(data, bytes.rfind(',', consent) - data) + '}';
  const auto ran = place.json({"import", "registrations", place.write("again.json", reordered)});
  EXPECT_EQ(ran.at("data.duplicates"), "1") << ran.out;
  ASSERT_EQ(place.json({"patient", "delete", "1"}).status, 0);
  EXPECT_EQ(place.json({"import", "registrations", file}).at("data.duplicates"), "1");
  EXPECT_EQ(place.json({"patient", "list"}).at("data.total"), "0");
}

TEST(Contract, CountsTheSameRegistrationInOneImportOnce) {
  Place place;
  const std::string file = sample("registrations/05-trautwein.json");
  const auto ran = place.json({"import", "registrations", file, file});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.at("data.imported"), "1") << ran.out;
  EXPECT_EQ(ran.at("data.duplicates"), "1");
}

TEST(Contract, IgnoresContactsOfTheDeletedAndRefusesWhatIsNoEnvelope) {
  Place place;
  ASSERT_EQ(place.json(new_patient("7")).status, 0);
  ASSERT_EQ(place.json({"patient", "delete", "7"}).status, 0);
  const std::string lines = R"({"eventId":"979024ce-362f-42e1-8942-7251be2c1f57",)"
                            R"("eventType":"email.sent","version":"1.0",)"
                            R"("timestamp":"2025-11-04T08:00:13Z","producer":"x",)"
                            R"("payload":{"email_id":1,"patient_id":7}})"
                            "\n\n[]\nno json\n";
  const auto ran = place.json({"import", "communications", "-"}, lines);
  EXPECT_EQ(ran.status, 4);
  EXPECT_EQ(ran.at("data.imported"), "0") << ran.out;
  EXPECT_EQ(ran.at("data.ignored"), "1");
  EXPECT_EQ(ran.at("data.refused.0.line") + ' ' + ran.at("data.refused.1.line"), "3 4");
  EXPECT_EQ(ran.at("data.refused.2"), "");
}

}  // namespace
