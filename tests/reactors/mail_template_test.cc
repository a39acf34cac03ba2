#include "infra/reactors/mail_template.h"

#include <gtest/gtest.h>

namespace {

using infra::reactors::Mail;
using infra::reactors::MailTemplate;
using patient::Key;

constexpr const char* kWords =
    "# Ihre Anmeldung, {vorname} {nachname}\n"
    "\n"
    "Guten Tag {anrede} {nachname},\n"
    "\n"
    "bitte geben Sie **{zahlungsreferenz}** an ({patient_id}).\n";

patient::Recorded registered(patient::Changes changes) {
  patient::Recorded recorded{
      {patient::EventId{core::Uuid{}},
       patient::PatientId::numbered(7),
       patient::Sequence{1},
       {},
       {},
       "import",
       patient::CommandId{core::Uuid{}},
       patient::Digest{0},
       patient::CorrelationId{core::Uuid{}},
       std::nullopt},
      patient::Created{patient::Registration{{"token", "digest"}, std::nullopt, std::nullopt}},
      std::move(changes)};
  return recorded;
}

patient::KeyChange set(Key key, std::string text) {
  return {key, patient::None{}, std::move(text)};
}

MailTemplate words(const char* text) {
  auto parsed = MailTemplate::parse(text);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error());
  return std::move(parsed).value();
}

std::string why_not(const char* text) {
  const auto parsed = MailTemplate::parse(text);
  return parsed ? "" : parsed.error();
}

TEST(AConfirmation, SaysWhatTheRegistrationSays) {
  const auto mail = words(kWords).mail_for(registered({set(Key::anrede, "Frau"),
                                                       set(Key::vorname, "Ada"),
                                                       set(Key::nachname, "Probe"),
                                                       set(Key::email, "ada@example.org"),
                                                       set(Key::zahlungsreferenz, "37c996e9")}));
  const Mail expected{"7",
                      "Ihre Anmeldung, Ada Probe",
                      "Guten Tag Frau Probe,\n\nbitte geben Sie **37c996e9** an (7).\n",
                      "ada@example.org",
                      "Ada Probe"};
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->markdown, expected.markdown);
  EXPECT_EQ(*mail, expected);
}

TEST(AConfirmation, LeavesNothingForWhatIsNotSaid) {
  const auto mail = words(kWords).mail_for(registered({set(Key::email, "ada@example.org")}));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->subject, "Ihre Anmeldung,  ");
  EXPECT_EQ(mail->to_name, "");
}

TEST(AConfirmation, IsForNobodyWithoutAnAddress) {
  EXPECT_FALSE(words(kWords).mail_for(registered({set(Key::vorname, "Ada")})));
}

TEST(AConfirmation, IsForNoOtherEvent) {
  patient::Recorded typed = registered({set(Key::email, "ada@example.org")});
  typed.event = patient::Created{std::nullopt};
  EXPECT_FALSE(words(kWords).mail_for(typed));
  patient::Recorded updated = registered({set(Key::email, "ada@example.org")});
  updated.event = patient::Updated{};
  EXPECT_FALSE(words(kWords).mail_for(updated));
}

TEST(AConfirmation, IsNotFormedByWhatAPatientIsCalled) {
  const auto mail = words("# An {vorname}\n{vorname}")
                        .mail_for(registered({set(Key::email, "ada@example.org"),
                                              set(Key::vorname, "[A](http://b.example)\n# C")}));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->subject, "An [A](http://b.example) # C");
  EXPECT_EQ(mail->markdown, "\\[A\\]\\(http\\:\\/\\/b\\.example\\) \\# C");
}

TEST(AConfirmation, KeepsLettersOfEveryScript) {
  const auto mail = words("# x\n{nachname}")
                        .mail_for(registered({set(Key::email, "ada@example.org"),
                                              set(Key::nachname, "Weißgerber-Ng")}));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->markdown, "Weißgerber\\-Ng");
}

TEST(AConfirmation, IsRefusedBeforeTheFirstMailWhereItsWordsAreWrong) {
  EXPECT_EQ(why_not("Anmeldung\n\nText"),
            "line 1: the subject stands there, behind \"# \", and the text below");
  EXPECT_EQ(why_not("# Anmeldung"), why_not("Anmeldung\n"));
  EXPECT_EQ(why_not("# A\n\n\nB\n{vornamen}"),
            "line 5: a brace begins one of {vorname}, {nachname}, {anrede}, {zahlungsreferenz}, "
            "{patient_id}, and nothing else");
  EXPECT_NE(why_not("# A {\nB"), "");
  EXPECT_NE(why_not("# A\nB {vorname"), "");
}

}  // namespace
