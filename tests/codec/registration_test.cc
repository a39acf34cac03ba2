#include "infra/codec/registration.h"

#include <gtest/gtest.h>

#include <map>

#include "infra/codec/digest.h"
#include "tests/codec/documents.h"

namespace infra::codec {
namespace {

using patient::Key;

constexpr auto kToken = "37C996E90e7341b4ac0c27b6f15c234bd17eafb0655a390c3ba622819980093c";

// The smallest good patient, then `more` inside of it, and `beside` it.
std::string document(const std::string& more, const std::string& beside) {
  return R"({"patient_data":{"anrede":"Herr","geschlecht":"divers","vorname":"Probe",)"
         R"("nachname":"Beispiel")" +
         more + "}" + beside + "}";
}

patient::Create taken(const std::string& text) {
  auto parsed = parse_registration(documents::json(text));
  if (parsed) return std::move(parsed).value();
  for (const auto& [key, why] : parsed.error()) ADD_FAILURE() << key << ' ' << why;
  return {};
}

patient::FieldErrors refused(const std::string& text) {
  auto parsed = parse_registration(documents::json(text));
  if (!parsed) return parsed.error();
  ADD_FAILURE() << "was taken";
  return {};
}

std::vector<std::string> keys_of(const patient::FieldErrors& errors) {
  std::vector<std::string> keys;
  for (const auto& [key, why] : errors) keys.push_back(key);
  return keys;
}

patient::Value value_of(const patient::Create& create, Key key) {
  for (const auto& [given, value] : create.fields) {
    if (given == key) return value;
  }
  ADD_FAILURE() << "is not given: " << name(key);
  return patient::None{};
}

using Keys = std::vector<std::string>;

TEST(Registration, SignsTheContractsAndForgetsThePaymentWhateverItSays) {
  for (const std::string& more :
       {std::string{},
        std::string{R"(,"vertraege_unterschrieben":false,"zahlung_eingegangen":true)"},
        std::string{R"(,"vertraege_unterschrieben":"?","zahlung_eingegangen":1)"},
        std::string{R"(,"zahlungsreferenz":"much too long for one"})"}.substr(0, 43)}) {
    const auto create = taken(document(more, ""));
    EXPECT_EQ(value_of(create, Key::vertraege_unterschrieben), patient::Value{true});
    EXPECT_EQ(value_of(create, Key::zahlung_eingegangen), patient::Value{false});
    EXPECT_EQ(value_of(create, Key::zahlungsreferenz), patient::Value{patient::None{}});
  }
}

TEST(Registration, TakesThePaymentReferenceFromTheToken) {
  const auto create =
      taken(document("", std::string{R"(,"registration_token":")"} + kToken + "\""));
  EXPECT_EQ(value_of(create, Key::zahlungsreferenz), patient::Value{std::string{"37C996E9"}});
  EXPECT_EQ(create.registration->identity.token,
            "37c996e90e7341b4ac0c27b6f15c234bd17eafb0655a390c3ba622819980093c");
}

TEST(Registration, IsKnownByADigestOfItsContent) {
  const std::string beside =
      R"(,"consent_metadata":{"b":1,"a":"ä"},"registration_timestamp":"x y")";
  const auto create = taken(document("", beside));
  const auto spaced = taken(R"( { "registration_timestamp": "x y",
      "consent_metadata": {"a": "\u00e4", "b": 1},
      "patient_data": {"nachname": "Beispiel", "vorname": "Probe", "geschlecht": "divers",
                       "anrede": "Herr"}})");
  const auto other = taken(document("", R"(,"consent_metadata":{"b":2,"a":"ä"})"));
  EXPECT_EQ(create.registration->identity.digest, spaced.registration->identity.digest);
  EXPECT_NE(create.registration->identity.digest, other.registration->identity.digest);
  EXPECT_EQ(create.registration->identity.digest.size(), 64U);
}

TEST(Registration, KeepsTheEvidenceAsItWasGiven) {
  const auto create =
      taken(document("", R"(,"consent_metadata":{"b":1,"a":"ä"},"registration_timestamp":"x y")"));
  EXPECT_EQ(create.registration->consent, R"({"b":1,"a":"ä"})");
  EXPECT_EQ(create.registration->registered_at, "x y");
  const auto bare = taken(document("", R"(,"consent_metadata":null)"));
  EXPECT_EQ(bare.registration->consent, std::nullopt);
  EXPECT_EQ(bare.registration->registered_at, std::nullopt);
}

TEST(Registration, NamesAllThatIsWrongAtOnce) {
  EXPECT_EQ(keys_of(refused(document(R"(,"geburtsdatum":"2026-02-30","plz":7,"foo":1)",
                                     R"(,"registration_token":"abc","registration_timestamp":1)"))),
            (Keys{"foo", "geburtsdatum", "plz", "registration_timestamp", "registration_token"}));
  EXPECT_EQ(keys_of(refused("[]")), Keys{"document"});
  EXPECT_EQ(keys_of(refused(R"({"patient_data":null})")), Keys{"patient_data"});
  EXPECT_EQ(keys_of(refused(R"({"patient_data":[]})")), Keys{"patient_data"});
}

TEST(Registration, RefusesEveryTokenButSixtyFourHexDigits) {
  const std::string good{kToken};
  for (const std::string& token :
       {std::string{}, good.substr(1), good + "0", "g" + good.substr(1)}) {
    EXPECT_EQ(keys_of(refused(document("", R"(,"registration_token":")" + token + "\""))),
              Keys{"registration_token"});
  }
  EXPECT_EQ(keys_of(refused(document("", R"(,"registration_token":7)"))),
            Keys{"registration_token"});
}

TEST(Registration, ToleratesWhatStandsBesideAndIgnoresAnId) {
  const auto create = taken(document(R"(,"id":99,"created_at":"?")", R"(,"patient":{"x":1})"));
  EXPECT_EQ(create.fields.size(), 7U);
}

TEST(Registration, OfEveryGoodSampleIsTaken) {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{documents::folder() / "registrations"}) {
    SCOPED_TRACE(entry.path().filename());
    const auto create = taken(documents::text_of(entry.path()));
    ASSERT_TRUE(create.registration);
    EXPECT_TRUE(create.registration->consent);
    ++count;
  }
  EXPECT_EQ(count, 12U);
}

TEST(Registration, OfEveryBadSampleIsRefusedForWhatIsWrong) {
  const std::map<std::string, Keys> wrong{
      {"bad-date.json", {"geburtsdatum"}},
      {"missing-vorname.json", {"vorname"}},
      {"no-patient-data.json", {"patient_data"}},
      {"no-symptoms.json", {"symptome"}},
      {"unknown-symptom.json", {"symptome"}},
      {"wrong-capital.json", {"geschlecht"}},
  };
  for (const auto& [file, keys] : wrong) {
    SCOPED_TRACE(file);
    EXPECT_EQ(keys_of(refused(documents::text_of("registrations-bad/" + file))), keys);
  }
  EXPECT_EQ(read_json(documents::text_of("registrations-bad/empty.json")).error().message,
            "there is nothing in it");
  EXPECT_EQ(read_json(documents::text_of("registrations-bad/invalid-json.json")).error().message,
            "breaks off");
}

}  // namespace
}  // namespace infra::codec
