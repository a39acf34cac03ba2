#include "infra/codec/digest.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/codec/samples.h"

namespace infra::codec {
namespace {

using namespace patient;

TEST(Digest, IsSha256) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, OfSixtyFourBitsIsTheBeginningOfTheLongOne) {
  EXPECT_EQ(digest64("abc"), Digest{0xba7816bf8f01cfea});
  EXPECT_EQ(contact_source("abc"), (ContactSource{"abc", Digest{0xba7816bf8f01cfea}}));
}

Registration registration(std::optional<std::string> token) {
  return {{std::move(token), std::string(64, 'b')}, "{}", "2026-01-01 00:00:00"};
}

Contact contact(std::optional<TherapistId> therapist) {
  return {
      samples::day(2026, 1, 1), Channel::email, Direction::incoming, therapist, {"s", Digest{1}}};
}

Contact contact_by(Channel channel, Direction direction, std::string source) {
  return {
      samples::day(2026, 1, 1), channel, direction, std::nullopt, {std::move(source), Digest{1}}};
}

// No two of these ask for the same.
std::vector<Command> different_commands() {
  const Patch name{{Key::vorname, std::string{"Probe"}}};
  const TherapistId one{1};
  Contact later = contact(std::nullopt);
  later.at += std::chrono::microseconds{1};
  return {Create{},
          Create{name, std::nullopt, {}, std::nullopt},
          Create{name, Status::offen, {}, std::nullopt},
          Create{name, std::nullopt, {one}, std::nullopt},
          Create{name, std::nullopt, {}, registration(std::nullopt)},
          Create{name, std::nullopt, {}, registration(std::string(64, 'a'))},
          Update{},
          Update{name, std::nullopt, std::nullopt},
          Update{{{Key::vorname, std::string{"Andere"}}}, std::nullopt, std::nullopt},
          Update{{{Key::plz, std::string{"01234"}}}, std::nullopt, std::nullopt},
          Update{{{Key::plz, None{}}}, std::nullopt, std::nullopt},
          Update{{}, Status::offen, std::nullopt},
          Update{{}, std::nullopt, TherapistIds{}},
          Update{{}, std::nullopt, TherapistIds{one}},
          ChangeStatus{Status::offen},
          ChangeStatus{Status::in_therapie},
          ExcludeTherapist{one, std::nullopt},
          ExcludeTherapist{one, ""},
          ExcludeTherapist{TherapistId{2}, std::nullopt},
          IncludeTherapist{one},
          RecordContact{contact(std::nullopt), Reporter::clerk},
          RecordContact{contact(std::nullopt), Reporter::ingest},
          RecordContact{contact(one), Reporter::clerk},
          RecordContact{later, Reporter::clerk},
          RecordContact{contact_by(Channel::phone, Direction::incoming, "s"), Reporter::clerk},
          RecordContact{contact_by(Channel::email, Direction::outgoing, "s"), Reporter::clerk},
          RecordContact{contact_by(Channel::email, Direction::incoming, "t"), Reporter::clerk},
          Delete{},
          Restate{}};
}

TEST(CommandDigest, DiffersWhereverCommandsDiffer) {
  std::set<Digest> digests;
  const auto commands = different_commands();
  for (const Command& command : commands) {
    digests.insert(command_digest(std::nullopt, command));
    digests.insert(command_digest(PatientId::numbered(1), command));
    digests.insert(command_digest(PatientId::parse("A-1"), command));
  }
  EXPECT_EQ(digests.size(), 3 * commands.size());
}

TEST(CommandDigest, OfTheSameCommandIsTheSame) {
  for (const Command& command : different_commands()) {
    EXPECT_EQ(command_digest(std::nullopt, command),
              command_digest(std::nullopt, Command{command}));
  }
}

// What is hashed, in words that another program can repeat.
TEST(CommandDigest, IsOfTheCanonicalJsonOfWhoAndWhat) {
  const TherapistId one{1};
  const TherapistId two{2};
  const auto of_nobody = [](const Command& command, const std::string& json) {
    EXPECT_EQ(command_digest(std::nullopt, command),
              digest64(R"({"command":)" + json + R"(,"patient":null})"))
        << json;
  };
  Availability times;
  times.days[3] = {Slot{15 * 60, 18 * 60 + 30}};
  times.days[0] = {Slot{9 * 60, 12 * 60}};
  of_nobody(Create{{{Key::vorname, std::string{"Jörg \"Probe\""}},
                    {Key::plz, std::string{"01234"}},
                    {Key::telefon, None{}},
                    {Key::geburtsdatum, core::parse_date("1980-02-03").value()},
                    {Key::symptome, Symptoms{"Mobbing", "Innere Leere"}},
                    {Key::zeitliche_verfuegbarkeit, times},
                    {Key::raeumliche_verfuegbarkeit, Radius{25}},
                    {Key::offen_fuer_gruppentherapie, false}},
                   Status::auf_der_suche,
                   {one, two},
                   registration(std::nullopt)},
            R"({"create":{"excluded":[1,2],"fields":{"geburtsdatum":"1980-02-03",)"
            R"("offen_fuer_gruppentherapie":false,"plz":"01234",)"
            R"("raeumliche_verfuegbarkeit":{"max_km":25},"symptome":["Mobbing","Innere Leere"],)"
            R"("telefon":null,"vorname":"Jörg \"Probe\"",)"
            R"("zeitliche_verfuegbarkeit":{"donnerstag":["15:00-18:30"],)"
            R"("montag":["09:00-12:00"]}},"registration":{"consent":"{}","digest":")" +
                std::string(64, 'b') +
                R"(","registered_at":"2026-01-01 00:00:00","token":null},)"
                R"("status":"auf_der_Suche"}})");
  of_nobody(Create{},
            R"({"create":{"excluded":[],"fields":{},"registration":null,"status":null}})");
  of_nobody(Update{}, R"({"update":{"excluded":null,"fields":{},"status":null}})");
  of_nobody(
      Update{{{Key::zahlung_eingegangen, true}}, Status::offen, TherapistIds{one}},
      R"({"update":{"excluded":[1],"fields":{"zahlung_eingegangen":true},"status":"offen"}})");
  of_nobody(ChangeStatus{Status::offen}, R"({"change_status":"offen"})");
  of_nobody(ExcludeTherapist{one, std::nullopt}, R"({"exclude":{"reason":null,"therapist":1}})");
  of_nobody(ExcludeTherapist{two, "zu weit"}, R"({"exclude":{"reason":"zu weit","therapist":2}})");
  of_nobody(IncludeTherapist{one}, R"({"include":1})");
  of_nobody(RecordContact{contact(two), Reporter::ingest},
            R"({"contact":{"at":1767225600000000,"channel":"email","direction":"incoming",)"
            R"("reporter":"ingest","source":"s","therapist":2}})");
  of_nobody(RecordContact{contact(std::nullopt), Reporter::clerk},
            R"({"contact":{"at":1767225600000000,"channel":"email","direction":"incoming",)"
            R"("reporter":"clerk","source":"s","therapist":null}})");
  of_nobody(Delete{}, R"({"delete":null})");
  of_nobody(Restate{}, R"({"restate":null})");
  EXPECT_EQ(command_digest(PatientId::parse("A-1"), Delete{}),
            digest64(R"({"command":{"delete":null},"patient":"A-1"})"));
}

// It is in the log: a repeated command must be recognised by every later version.
TEST(CommandDigest, IsThisNumberForEver) {
  EXPECT_EQ(command_digest(PatientId::numbered(1),
                           RecordContact{contact(TherapistId{301}), Reporter::ingest}),
            Digest{0x97CF84ECDC6CDE95});
  EXPECT_EQ(command_digest(std::nullopt,
                           Create{{{Key::vorname, std::string{"Jörg"}}},
                                  Status::offen,
                                  {TherapistId{1}},
                                  registration(std::nullopt)}),
            Digest{0x70DF09FB640F494E});
}

}  // namespace
}  // namespace infra::codec
