#include <gtest/gtest.h>

#include "infra/codec/digest.h"
#include "infra/codec/event_codec.h"
#include "infra/codec/json.h"
#include "infra/codec/position_token.h"
#include "infra/codec/submission_answers.h"
#include "infra/codec/submissions.h"
#include "tests/codec/samples.h"

// Whatever the bytes: an answer, never a crash, and never more memory than the bytes justify. The
// sanitizer builds look harder than these assertions do.
namespace infra::codec {
namespace {

constexpr int kTries = 100'000;

std::size_t below(std::size_t limit, samples::Random& random) { return random() % limit; }

std::string any_bytes(samples::Random& random) {
  std::string bytes(below(200, random), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// One to three bytes changed, removed or put in, or the end cut off.
std::string damaged(std::string bytes, samples::Random& random) {
  for (auto times = 1 + below(3, random); times > 0 && !bytes.empty(); --times) {
    const std::size_t at = below(bytes.size(), random);
    switch (below(4, random)) {
      case 0: bytes[at] = static_cast<char>(random()); break;
      case 1: bytes.erase(at, 1); break;
      case 2: bytes.insert(at, 1, static_cast<char>(random())); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

void read_as_everything(ProtobufEventCodec& codec, const std::string& bytes) {
  static_cast<void>(codec.decode_history(bytes));
  static_cast<void>(codec.decode_event(bytes));
  static_cast<void>(codec.event_id(bytes));
  static_cast<void>(codec.decode_snapshot(bytes));
  static_cast<void>(decode_submissions(bytes));
  static_cast<void>(decode_answers(bytes));
}

TEST(Damage, AnyBytesAreAnsweredForByEveryDecoder) {
  ProtobufEventCodec codec;
  samples::Random random{20260101};
  for (int tries = 0; tries < kTries; ++tries) read_as_everything(codec, any_bytes(random));
}

TEST(Damage, ADamagedRecordIsAnsweredForByEveryDecoder) {
  ProtobufEventCodec codec;
  samples::Random random{20260102};
  for (int tries = 0; tries < kTries / 100; ++tries) {
    const patient::Recorded recorded = samples::any_recorded(random);
    const patient::State state = samples::any_state(random);
    const std::string history = codec.encode_history(recorded);
    const std::string event = codec.encode_event(recorded, state);
    for (int time = 0; time < 50; ++time) {
      static_cast<void>(codec.decode_history(damaged(history, random)));
      static_cast<void>(codec.decode_event(damaged(event, random)));
      static_cast<void>(codec.event_id(damaged(event, random)));
    }
  }
}

TEST(Damage, ADamagedCommandBetweenProcessesIsRefusedOrMeansWhatItsDigestSays) {
  samples::Random random{20260106};
  const patient::Command command = patient::ExcludeTherapist{patient::TherapistId{9}, "zu weit"};
  const auto id = patient::PatientId::numbered(7);
  const std::string bytes = begin_submissions(ports::Incarnation{samples::uuid(1)}) +
                            encode({patient::CommandId{samples::uuid(2)},
                                    command_digest(id, command),
                                    id,
                                    command,
                                    handling::ExpectAny{},
                                    "cli",
                                    patient::CorrelationId{samples::uuid(3)},
                                    std::nullopt,
                                    false,
                                    std::nullopt});
  const std::vector<handling::Answer> one{
      handling::Done{id, samples::typical_state(), patient::Sequence{1}, {}}};
  const std::string answers = encode_answers(one);
  int refused = 0;
  for (int tries = 0; tries < 20'000; ++tries) {
    static_cast<void>(decode_answers(damaged(answers, random)));
    const auto read = decode_submissions(damaged(bytes, random));
    refused += read ? 0 : 1;
    if (!read) continue;
    for (const handling::Submission& one_of_them : read.value().submissions)
      ASSERT_EQ(command_digest(one_of_them.patient, one_of_them.command), one_of_them.digest);
  }
  EXPECT_GT(refused, 10'000);
}

TEST(Damage, WhatADecoderStillTakesCanBeWrittenAgain) {
  ProtobufEventCodec codec;
  samples::Random random{20260103};
  const std::string event =
      codec.encode_event(samples::typical_contact(), samples::typical_state());
  int taken = 0;
  for (int tries = 0; tries < 20'000; ++tries) {
    SCOPED_TRACE(tries);
    const auto decoded = codec.decode_event(damaged(event, random));
    if (!decoded) continue;
    ++taken;
    patient::Recorded recorded = samples::typical_contact();
    recorded.envelope.patient_id = decoded.value().patient_id;
    const auto again = codec.decode_event(codec.encode_event(recorded, decoded.value().state));
    ASSERT_TRUE(again) << again.error().why;
    ASSERT_EQ(again.value().state, decoded.value().state);
  }
  EXPECT_GT(taken, 0);
}

TEST(Damage, ADamagedSnapshotIsNeverTaken) {
  ProtobufEventCodec codec;
  samples::Random random{20260104};
  const std::string snapshot = codec.encode_snapshot(samples::typical_state());
  for (int tries = 0; tries < kTries; ++tries) {
    const std::string bytes = damaged(snapshot, random);
    if (bytes == snapshot) continue;
    ASSERT_FALSE(codec.decode_snapshot(bytes)) << "try " << tries;
  }
}

TEST(Damage, ADamagedDocumentIsReadOrRefusedAtAPlaceInsideOfIt) {
  const std::string document =
      "{\"a\": [1, -2.5e3, true, null],\n \"ä\": {\"b\": \"\\u00e4\\n\"}}\n";
  samples::Random random{20260105};
  for (int tries = 0; tries < kTries; ++tries) {
    const auto read = read_json(damaged(document, random));
    if (read) continue;
    ASSERT_GE(read.error().line, 1);
    ASSERT_LE(read.error().line, 6);
    ASSERT_GE(read.error().column, 1);
  }
}

TEST(Damage, ADamagedPositionIsAnotherPositionOrNone) {
  samples::Random random{20260106};
  const std::string token = format(
      ports::PositionToken{ports::Incarnation{samples::uuid(7)},
                           {{ports::Partition{0}, ports::Offset{12}, ports::Offset{34}},
                            {ports::Partition{11}, ports::Offset{0}, ports::Offset{INT64_MAX}}}});
  for (int tries = 0; tries < kTries; ++tries) {
    const std::string text = damaged(token, random);
    const auto parsed = parse_position(text);
    if (!parsed) continue;
    ASSERT_EQ(format(*parsed), text);
  }
}

}  // namespace
}  // namespace infra::codec
