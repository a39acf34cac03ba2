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
