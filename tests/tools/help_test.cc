#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "tests/tools/program.h"

namespace {

using tests::Program;

using Words = std::vector<std::string>;

Words words(const std::string& text) {
  std::istringstream in{text};
  Words all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

const std::string kChange = " --expect --command-id --actor --correlation-id --dry-run";
const std::string kWait = " --wait-for --timeout";

// Every verb of the contract with its arguments and options.
const std::map<std::string, std::string>& verbs() {
  static const std::map<std::string, std::string> all = {
      {"patient create", "FILE --set --id" + kChange},
      {"patient update", "ID FILE --set" + kChange},
      {"patient status", "ID STATUS" + kChange},
      {"patient exclude", "ID THERAPIST --reason" + kChange},
      {"patient include", "ID THERAPIST" + kChange},
      {"patient contact", "ID --at --channel --source" + kChange},
      {"patient delete", "ID" + kChange},
      {"patient show", "ID --as-of" + kWait},
      {"patient list", "--status --search --page --limit" + kWait},
      {"patient history", "ID" + kWait},
      {"import registrations", "PATH"},
      {"import communications", "PATH"},
      {"query letzter-kontakt", "--before --never --limit" + kWait},
      {"query exclusions", "--patient --therapist" + kWait},
      {"query status-summary", kWait},
      {"query status-durations", kWait},
      {"query contacts", "ID" + kWait},
      {"query sql", "PROJECTION SELECT" + kWait},
      {"projection list", ""},
      {"projection status", ""},
      {"projection rebuild", "NAME --all --no-cutover"},
      {"projection verify", "NAME --all"},
      {"projection preview", "NAME"},
      {"projection cutover", "NAME"},
      {"projection rollback", "NAME"},
      {"projection discard", "NAME"},
      {"events read", "--topic --partition --from --limit"},
      {"events stats", ""},
      {"events verify", ""},
      {"events repair", "ID"},
      {"events restate", ""},
      {"topics create", "--partitions --replication --set"},
      {"topics import", "--from"},
      {"topics describe", ""},
      {"topics compact", ""},
      {"quarantine list", ""},
      {"quarantine show", "ID"},
      {"dead-letters list", ""},
      {"dead-letters show", "N"},
      {"dead-letters release", "N"},
      {"dead-letters evict", "N"},
      {"doctor", ""},
      {"serve", "--listen"},
      {"token", "NAME ROLE --expires"},
      {"version", ""},
      {"completion bash", ""},
  };
  return all;
}

TEST(Help, OfEveryVerbShowsItsOptionsAndAnExample) {
  const Program program;
  for (const auto& [verb, options] : verbs()) {
    SCOPED_TRACE(verb);
    Words line = words(verb);
    line.emplace_back("--help");
    const auto ran = program.run(line);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.err, "");
    EXPECT_NE(ran.out.find("Example:\n"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("kartei " + verb), std::string::npos) << ran.out;
    for (const std::string& option : words(options)) {
      EXPECT_NE(ran.out.find("  " + option), std::string::npos) << option << '\n' << ran.out;
    }
  }
}

TEST(Help, OfEveryNounAndOfTheProgramShowsAnExample) {
  const Program program;
  EXPECT_NE(program.run({"--help"}).out.find("Example:\n  kartei "), std::string::npos);
  for (const auto& [verb, options] : verbs()) {
    const std::string noun = words(verb).front();
    SCOPED_TRACE(noun);
    const auto ran = program.run({noun, "--help"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_NE(ran.out.find("Example:\n"), std::string::npos) << ran.out;
  }
}

// The example of a help text as arguments: words, and what double quotes hold together.
Words example_of(const std::string& help) {
  const std::size_t begin = help.find("Example:\n  kartei ");
  if (begin == std::string::npos) return {};
  std::istringstream in{help.substr(begin + std::string{"Example:\n  kartei "}.size())};
  std::string line;
  std::getline(in, line);
  Words arguments{""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      arguments.emplace_back();
    } else {
      arguments.back() += c;
    }
  }
  return arguments;
}

TEST(Help, ShowsExamplesThatAreUnderstood) {
  for (const auto& [verb, options] : verbs()) {
    // They need files, a shell, a signal.
    if (verb.starts_with("import ") || verb == "completion bash" || verb == "serve") continue;
    SCOPED_TRACE(verb);
    const Program program;
    Words line = words(verb);
    line.emplace_back("--help");
    const Words example = example_of(program.run(line).out);
    ASSERT_FALSE(example.empty());
    const auto ran = program.run(example);
    EXPECT_NE(ran.status, 1) << ran.err;
    EXPECT_NE(ran.status, 2) << ran.err;
  }
}

TEST(Help, IsOneDocumentWithJson) {
  const auto ran = Program{}.run({"--json", "patient", "--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.out.starts_with(R"({"ok":true,"data":{"help":")")) << ran.out;
}

TEST(Help, TouchesNoDataDirectory) {
  const Program program;
  EXPECT_EQ(program.run({"patient", "list", "--help"}).status, 0);
  EXPECT_EQ(program.run({"version"}).status, 0);
  EXPECT_FALSE(program.has_data());
}

TEST(Version, IsTheProjects) {
  const auto ran = Program{}.run({"version"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.out.starts_with("kartei 0.")) << ran.out;
}

}  // namespace
