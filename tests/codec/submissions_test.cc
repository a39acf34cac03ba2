#include "infra/codec/submissions.h"

#include <gtest/gtest.h>

#include "domain/patient/parse.h"
#include "infra/codec/digest.h"
#include "infra/codec/submission_answers.h"
#include "tests/codec/samples.h"

// Commands and their answers between two processes: nothing is lost on the way, and nothing is
// taken that a client could not have asked for.
namespace infra::codec {
namespace {

using handling::Answer;
using handling::Done;
using handling::Submission;
using namespace patient;

const ports::Incarnation kLog{samples::uuid(7)};

core::Raw text(std::string value) { return core::Raw{std::move(value)}; }

Create creation() {
  core::Raw::Object document{{"anrede", text("Frau")},
                             {"geschlecht", text("weiblich")},
                             {"vorname", text("Ada")},
                             {"nachname", text("Probe")}};
  return parse_create(core::Raw{std::move(document)}).value().command;
}

Create registration() {
  Create create = creation();
  create.status = Status::in_therapie;
  create.excluded = {TherapistId{3}, TherapistId{kNumberMax}};
  create.registration = {
      {std::string(64, 'a'), std::string(64, 'b')}, R"({"ip":"::1"})", "2026-01-01 00:00:00"};
  return create;
}

RecordContact contact(Reporter reporter) {
  return {{samples::day(2026, 1, 2) + std::chrono::microseconds{1},
           Channel::phone,
           Direction::outgoing,
           TherapistId{5},
           contact_source("<a@b>")},
          reporter};
}

std::vector<Command> commands() {
  Contact plain{samples::day(1999, 12, 31), {}, {}, std::nullopt, contact_source("s")};
  return {creation(),
          registration(),
          Update{},
          Update{{{Key::plz, std::string{"53111"}}, {Key::ort, None{}}},
                 Status::auf_der_suche,
                 TherapistIds{}},
          Update{{}, std::nullopt, TherapistIds{TherapistId{1}, TherapistId{2}}},
          ChangeStatus{Status::therapie_abgebrochen},
          ExcludeTherapist{TherapistId{9}, std::nullopt},
          ExcludeTherapist{TherapistId{9}, ""},
          ExcludeTherapist{TherapistId{9}, "kein Vertrauen – ä"},
          IncludeTherapist{TherapistId{9}},
          contact(Reporter::clerk),
          contact(Reporter::ingest),
          RecordContact{plain},
          Delete{},
          Restate{}};
}

Submission submission(Command command, std::optional<PatientId> patient = PatientId::numbered(7)) {
  const Digest digest = command_digest(patient, command);
  return {CommandId{samples::uuid(1)},
          digest,
          std::move(patient),
          std::move(command),
          handling::ExpectAny{},
          "Empfang",
          CorrelationId{samples::uuid(2)}};
}

core::Result<Submissions, ports::Undecodable> sent(const Submission& submission) {
  return decode_submissions(begin_submissions(kLog) + encode(submission));
}

std::string why_not(const Submission& submission) {
  const auto read = sent(submission);
  return read ? "" : read.error().why;
}

TEST(Submissions, OfEveryKindComeAsTheyWereSent) {
  std::string bytes = begin_submissions(kLog);
  for (const Command& command : commands()) bytes += encode(submission(command));
  const auto read = decode_submissions(bytes);
  ASSERT_TRUE(read) << read.error().why;
  EXPECT_EQ(read.value().log, kLog);
  ASSERT_EQ(read.value().submissions.size(), commands().size());
  for (std::size_t at = 0; at < commands().size(); ++at) {
    SCOPED_TRACE(at);
    const Submission& one = read.value().submissions[at];
    EXPECT_EQ(one.command, commands()[at]);
    EXPECT_EQ(one.digest, command_digest(PatientId::numbered(7), commands()[at]));
    EXPECT_EQ(one.command_id, CommandId{samples::uuid(1)});
    EXPECT_EQ(one.correlation_id, CorrelationId{samples::uuid(2)});
    EXPECT_EQ(one.patient, PatientId::numbered(7));
    EXPECT_EQ(one.actor, "Empfang");
    EXPECT_TRUE(std::holds_alternative<handling::ExpectAny>(one.expect));
    EXPECT_EQ(one.causation_id, std::nullopt);
    EXPECT_FALSE(one.dry_run);
    EXPECT_FALSE(one.folded);
  }
}

TEST(Submissions, ComeWithAllThatTheirEnvelopeSays) {
  samples::Random random{20261129};
  Submission given = submission(Restate{});
  given.causation_id = EventId{samples::uuid(3)};
  given.dry_run = true;
  given.folded = samples::any_state(random);
  const Submission read = sent(given).value().submissions.at(0);
  EXPECT_EQ(read.causation_id, given.causation_id);
  EXPECT_TRUE(read.dry_run);
  EXPECT_EQ(read.folded, given.folded);

  EXPECT_EQ(sent(submission(creation(), std::nullopt)).value().submissions.at(0).patient,
            std::nullopt);
}

TEST(Submissions, ComeWithWhatTheirSenderExpects) {
  const auto expected = [](handling::Expect expect) {
    Submission given = submission(Delete{});
    given.expect = expect;
    return sent(given).value().submissions.at(0).expect;
  };
  EXPECT_TRUE(std::holds_alternative<handling::ExpectNone>(expected(handling::ExpectNone{})));
  EXPECT_TRUE(std::holds_alternative<handling::ExpectExists>(expected(handling::ExpectExists{})));
  for (const Sequence sequence : {Sequence{0}, Sequence{17}}) {
    EXPECT_EQ(std::get<Sequence>(expected(sequence)), sequence);
    const auto since = expected(handling::ExpectUnchanged{sequence});
    EXPECT_EQ(std::get<handling::ExpectUnchanged>(since).since, sequence);
  }
}

TEST(Submissions, KeepEveryValueThatAClientMaySend) {
  samples::Random random{20261130};
  int sent_values = 0;
  for (int round = 0; round < 200; ++round) {
    for (const KeyInfo& key : all_keys()) {
      const Value value = samples::any_value(key.key, random);
      const auto parsed =
          parse_update(PatientId::numbered(7),
                       core::Raw{core::Raw::Object{{std::string{key.name}, to_raw(value)}}});
      if (key.key == Key::id || !parsed) continue;
      SCOPED_TRACE(key.name);
      const auto read = sent(submission(parsed.value()));
      ASSERT_TRUE(read) << read.error().why;
      ASSERT_EQ(read.value().submissions.at(0).command, Command{parsed.value()});
      ++sent_values;
    }
  }
  EXPECT_GT(sent_values, 1000);
}

TEST(Submissions, AreRefusedWhereAClientWouldBe) {
  EXPECT_EQ(why_not(submission(Create{})), "a creation breaks a rule");
  EXPECT_EQ(why_not(submission(Update{{{Key::plz, std::string(11, '5')}}, {}, {}})),
            "an update breaks a rule");
  EXPECT_EQ(why_not(submission(Update{{{Key::symptome, Symptoms{"Fernweh"}}}, {}, {}})),
            "an update breaks a rule");
  EXPECT_EQ(why_not(submission(Update{}, std::nullopt)), "an update is of nobody");
  EXPECT_EQ(why_not(submission(ExcludeTherapist{TherapistId{0}, {}})),
            "a therapist's number is no number");
  EXPECT_EQ(why_not(submission(ExcludeTherapist{TherapistId{1}, std::string{"a\0b", 3}})),
            "a reason has a NUL");
  RecordContact two_lines = contact(Reporter::clerk);
  two_lines.contact.source = contact_source("a\nb");
  EXPECT_EQ(why_not(submission(two_lines)), "a contact has no source");
  RecordContact other_digest = contact(Reporter::clerk);
  other_digest.contact.source.digest = Digest{1};
  EXPECT_EQ(why_not(submission(other_digest)), "a contact has no source");
  Create registered = registration();
  registered.registration->identity.digest = "b";
  EXPECT_EQ(why_not(submission(registered)), "a registration's identity is none");
}

TEST(Submissions, AreRefusedWithoutAnActorThatTheHistoryCanName) {
  for (const std::string& actor : {std::string{}, std::string{"a\nb"}, std::string(101, 'a')}) {
    Submission given = submission(Delete{});
    given.actor = actor;
    EXPECT_EQ(why_not(given), "an actor is none");
  }
}

TEST(Submissions, AreRefusedWhereTheyMeanSomethingElseThanToTheirSender) {
  Submission given = submission(ExcludeTherapist{TherapistId{9}, "a"});
  given.digest = command_digest(given.patient, ExcludeTherapist{TherapistId{9}, "b"});
  EXPECT_EQ(why_not(given), "a command means something else here than to its sender");
  Submission folded = submission(Delete{});
  folded.folded.emplace();
  EXPECT_EQ(why_not(folded), "a folded state is for repairs alone");
}

TEST(Submissions, OfAnotherVersionAreRefused) {
  const std::string one = encode(submission(Delete{}));
  std::string next = begin_submissions(kLog);
  ASSERT_EQ(next.at(1), char{kSubmissionsVersion});  // behind its tag
  next[1] = kSubmissionsVersion + 1;
  EXPECT_EQ(decode_submissions(next + one).error().why, "the commands are of another version");
  EXPECT_EQ(decode_submissions(one).error().why, "the commands are of another version");
  EXPECT_EQ(decode_submissions("").error().why, "the commands are of another version");
  EXPECT_TRUE(decode_submissions(begin_submissions(kLog)).value().submissions.empty());
}

TEST(SubmissionAnswers, ComeAsTheyWereGiven) {
  samples::Random random{20261201};
  std::vector<Answer> answers{
      Done{*PatientId::parse("a-1"), samples::typical_state(), Sequence{4}, {}, true},
      handling::OutcomeUnknown{"nobody knows"},
      handling::OutcomeUnknown{}};
  for (int count = 0; count < 100; ++count) {
    answers.push_back(
        Done{PatientId::numbered(count + 1),
             samples::any_state(random),
             Sequence{count},
             {EventType::created, EventType::restated},
             false,
             handling::Position{
                 ports::Partition{count}, ports::Offset{count + 1}, ports::Offset{count + 2}}});
  }
  for (int code = 0; code <= static_cast<int>(RefusalCode::command_id_reused); ++code) {
    answers.push_back(Refusal{static_cast<RefusalCode>(code),
                              "so nicht",
                              {{"plz", "is too long"}, {"ort", ""}},
                              code % 2 == 0 ? std::optional{Sequence{0}} : std::nullopt});
  }
  const auto read = decode_answers(encode_answers(answers));
  ASSERT_TRUE(read) << read.error().why;
  ASSERT_EQ(read.value().size(), answers.size());
  for (std::size_t at = 0; at < answers.size(); ++at) {
    SCOPED_TRACE(at);
    const Answer& one = read.value()[at];
    ASSERT_EQ(one.index(), answers[at].index());
    if (const auto* refusal = std::get_if<Refusal>(&one)) {
      EXPECT_EQ(*refusal, std::get<Refusal>(answers[at]));
    }
    if (const auto* unknown = std::get_if<handling::OutcomeUnknown>(&one)) {
      EXPECT_EQ(unknown->why, std::get<handling::OutcomeUnknown>(answers[at]).why);
    }
    const auto* done = std::get_if<Done>(&one);
    if (done == nullptr) continue;
    const Done& given = std::get<Done>(answers[at]);
    EXPECT_EQ(done->patient, given.patient);
    EXPECT_EQ(done->after, given.after);
    EXPECT_EQ(done->sequence, given.sequence);
    EXPECT_EQ(done->events, given.events);
    EXPECT_EQ(done->deduplicated, given.deduplicated);
    ASSERT_EQ(done->position.has_value(), given.position.has_value());
    if (!done->position) continue;
    EXPECT_EQ(done->position->partition, given.position->partition);
    EXPECT_EQ(done->position->events, given.position->events);
    EXPECT_EQ(done->position->history, given.position->history);
  }
}

TEST(SubmissionAnswers, OfAFutureKindAreNotTaken) {
  EXPECT_EQ(decode_answers(std::string{"\x0a\x00", 2}).error().why,
            "an answer is missing or of a future kind");
  EXPECT_TRUE(decode_answers("").value().empty());
}

}  // namespace
}  // namespace infra::codec
