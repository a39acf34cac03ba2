#include "tools/kartei/set_option.h"

#include <gtest/gtest.h>

#include "infra/codec/json.h"
#include "tools/kartei/answer.h"

namespace {

using core::Raw;

// The document that `before` becomes, as JSON.
std::string document(const std::vector<std::string>& sets, const std::string& before = "{}") {
  Raw::Object object = kartei::object_of(before);
  kartei::apply_sets(sets, object);
  return infra::codec::write_json(Raw{object});
}

TEST(SetOption, TakesTextAsItStandsAndTheRestAsJson) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"vorname=Ada", R"({"vorname":"Ada"})"},
      {"vorname=", R"({"vorname":""})"},
      {"vorname=\"Ada\"", R"({"vorname":"\"Ada\""})"},
      {"vorname=a=b", R"({"vorname":"a=b"})"},
      {"vorname=true", R"({"vorname":"true"})"},
      {"plz=01234", R"({"plz":"01234"})"},
      {"ort=null", R"({"ort":null})"},
      {"ort=NULL", R"({"ort":"NULL"})"},
      {"geburtsdatum=1990-01-31", R"({"geburtsdatum":"1990-01-31"})"},
      {"geburtsdatum=null", R"({"geburtsdatum":null})"},
      {"anrede=Frau", R"({"anrede":"Frau"})"},
      {"status=in_Therapie", R"({"status":"in_Therapie"})"},
      {"id=12", R"({"id":"12"})"},
      {"offen_fuer_diga=true", R"({"offen_fuer_diga":true})"},
      {"erfahrung_mit_psychotherapie=null", R"({"erfahrung_mit_psychotherapie":null})"},
      {R"(symptome=["Mobbing", "Zwänge"])", R"({"symptome":["Mobbing","Zwänge"]})"},
      {R"(raeumliche_verfuegbarkeit={"max_km": 10})",
       R"({"raeumliche_verfuegbarkeit":{"max_km":10}})"},
      {R"(zeitliche_verfuegbarkeit={"montag": ["09:00-12:00"]})",
       R"({"zeitliche_verfuegbarkeit":{"montag":["09:00-12:00"]}})"},
      {"ausgeschlossene_therapeuten=[301]", R"({"ausgeschlossene_therapeuten":[301]})"},
      {"schuhgroesse=43", R"({"schuhgroesse":"43"})"},
  };
  for (const auto& [set, expected] : table) {
    SCOPED_TRACE(set);
    EXPECT_EQ(document({set}), expected);
  }
}

TEST(SetOption, OverridesTheFileAndKeepsTheRest) {
  EXPECT_EQ(document({"ort=Neu", "plz=1"}, R"({"ort":"Alt","vorname":"Ada"})"),
            R"({"ort":"Neu","vorname":"Ada","plz":"1"})");
}

TEST(SetOption, NamesEveryKeyThatIsNoJson) {
  try {
    static_cast<void>(document({"symptome=Mobbing", "offen_fuer_diga=ja", "ort=x"}));
    FAIL() << "not declined";
  } catch (const kartei::Declined& declined) {
    EXPECT_EQ(declined.problem().code, infra::service::ProblemCode::invalid);
    const std::string details = infra::codec::write_json(Raw{declined.problem().details});
    EXPECT_NE(details.find("\"symptome\""), std::string::npos) << details;
    EXPECT_NE(details.find("\"offen_fuer_diga\""), std::string::npos) << details;
    EXPECT_EQ(details.find("Mobbing"), std::string::npos) << details;
  }
}

}  // namespace
