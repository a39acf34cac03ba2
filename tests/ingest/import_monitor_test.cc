#include "infra/ingest/import_monitor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "infra/codec/json.h"
#include "infra/ingest/import_folder.h"
#include "tests/ingest/monitor_world.h"
#include "tests/projections/scratch_folder.h"

namespace {

using infra::ingest::ImportMonitor;
using infra::ingest::Shelf;
using tests::MonitorWorld;
using tests::sample;
using tests::samples_in;
using Names = std::vector<std::string>;

core::Raw::Object reason_of(MonitorWorld& world, const std::string& name) {
  const auto& failed = world.arrivals.on(Shelf::failed);
  const auto found = failed.find(name + ".reason.json");
  if (found == failed.end()) return {};
  const auto document = infra::codec::read_json(found->second.bytes);
  return document ? *document.value().as<core::Raw::Object>() : core::Raw::Object{};
}

std::string member(const core::Raw::Object& object, const std::string& name) {
  for (const auto& [key, value] : object) {
    if (key == name && value.as<std::string>() != nullptr) return *value.as<std::string>();
  }
  return "(none)";
}

TEST(ImportMonitor, TakesEverySampleAtTheSecondLook) {
  MonitorWorld world;
  for (const std::string& path : samples_in("registrations")) world.put_sample(path);
  const auto first = world.monitor->round();
  EXPECT_EQ(first.left, 12);
  EXPECT_EQ(world.patients(), 0U);
  const auto second = world.monitor->round();
  EXPECT_EQ(second.imported, 12);
  EXPECT_EQ(second.left, 0);
  EXPECT_EQ(world.patients(), 12U);
  EXPECT_TRUE(world.names(Shelf::arrived).empty());
  EXPECT_EQ(world.names(Shelf::processed).size(), 12U);
  EXPECT_TRUE(world.names(Shelf::failed).empty());
  EXPECT_EQ(world.world.history().front().envelope.actor, "import");
}

TEST(ImportMonitor, SaysWhoHasNoPaymentReferenceForWantOfAToken) {
  MonitorWorld world;
  for (const std::string& path : samples_in("registrations")) world.put_sample(path);
  world.two_rounds();
  const std::string said =
      "import: no payment reference, for the registration had no token: patient ";
  EXPECT_EQ(std::count(world.notices.begin(), world.notices.end(), said + "5, 11"), 1);
  // Nobody is told again when it is known already.
  world.put_sample("registrations/05-trautwein.json");
  world.two_rounds();
  EXPECT_EQ(std::count_if(world.notices.begin(),
                          world.notices.end(),
                          [&](const std::string& one) { return one.starts_with(said); }),
            1);
}

TEST(ImportMonitor, PutsEachBadSampleAwayWithItsReason) {
  MonitorWorld world;
  for (const std::string& path : samples_in("registrations-bad")) world.put_sample(path);
  EXPECT_EQ(world.two_rounds().failed, 8);
  EXPECT_EQ(world.patients(), 0U);
  EXPECT_TRUE(world.names(Shelf::arrived).empty());
  EXPECT_EQ(world.names(Shelf::failed).size(), 16U);
  const std::map<std::string, std::string> wrong = {
      {"bad-date.json", "geburtsdatum"},
      {"empty.json", "line 1, column 1"},
      {"invalid-json.json", "line "},
      {"missing-vorname.json", "vorname is required"},
      {"no-patient-data.json", "patient_data is required"},
      {"no-symptoms.json", "symptome"},
      {"unknown-symptom.json", "symptome"},
      {"wrong-capital.json", "geschlecht"},
  };
  for (const auto& [name, what] : wrong) {
    SCOPED_TRACE(name);
    const auto reason = reason_of(world, name);
    EXPECT_EQ(reason.size(), 4U);
    EXPECT_EQ(member(reason, "file"), name);
    EXPECT_EQ(member(reason, "code"), "invalid");
    EXPECT_NE(member(reason, "message").find(what), std::string::npos) << member(reason, "message");
    EXPECT_EQ(member(reason, "at"), core::format(world.world.clock.now()));
  }
}

TEST(ImportMonitor, NamesEveryWrongKeyAndRepeatsNoValue) {
  MonitorWorld world;
  world.arrivals.put("Canary.json",
                     R"({"patient_data": {"anrede": "Canary", "geschlecht": "weiblich",
                         "vorname": "Canary", "nachname": "Canary", "geburtsdatum": "Canary"}})");
  world.two_rounds();
  const auto reason = reason_of(world, "Canary.json");
  EXPECT_NE(member(reason, "message").find("anrede"), std::string::npos);
  EXPECT_NE(member(reason, "message").find("geburtsdatum"), std::string::npos);
  EXPECT_EQ(member(reason, "message").find("Canary"), std::string::npos);
  const auto report = world.monitor->report();
  const auto shown =
      infra::codec::write_json(infra::ingest::to_raw({&report, 1}, world.world.clock.now()));
  EXPECT_EQ(shown.find("Canary"), std::string::npos) << shown;
  EXPECT_NE(shown.find("was refused: invalid"), std::string::npos) << shown;
  ASSERT_FALSE(world.notices.empty());
  for (const std::string& line : world.notices) EXPECT_EQ(line.find("Canary"), std::string::npos);
}

TEST(ImportMonitor, LeavesAHalfWrittenFileUntilItIsWhole) {
  MonitorWorld world;
  const std::string whole = sample("registrations/01-sommerfeld.json");
  for (const std::size_t size : {std::size_t{0}, whole.size() / 2, whole.size() - 2}) {
    world.arrivals.put("a.json", whole.substr(0, size));
    const auto round = world.monitor->round();
    EXPECT_EQ(round.left, 1);
    EXPECT_EQ(round.failed, 0);
  }
  world.arrivals.put("a.json", whole);
  EXPECT_EQ(world.two_rounds().imported, 1);
  EXPECT_EQ(world.names(Shelf::processed), Names{"a.json"});
}

TEST(ImportMonitor, TakesAFileThatStaysHalfWrittenForBroken) {
  MonitorWorld world;
  world.arrivals.put("a.json", sample("registrations/01-sommerfeld.json").substr(0, 100));
  EXPECT_EQ(world.two_rounds().failed, 1);
  EXPECT_EQ(world.names(Shelf::failed), (Names{"a.json", "a.json.reason.json"}));
}

TEST(ImportMonitor, CountsTheSameRegistrationOnceMoreAsGood) {
  MonitorWorld world;
  const std::string path = "registrations/01-sommerfeld.json";
  world.put_sample(path);
  world.arrivals.put("copy.json", sample(path));
  const auto round = world.two_rounds();
  EXPECT_EQ(round.imported, 1);
  EXPECT_EQ(round.duplicates, 1);
  world.put_sample(path);
  EXPECT_EQ(world.two_rounds().duplicates, 1);
  EXPECT_EQ(world.monitor->report().imported_ever, 1);
  EXPECT_EQ(world.monitor->report().duplicates_ever, 2);
  EXPECT_EQ(world.patients(), 1U);
  EXPECT_EQ(world.names(Shelf::processed),
            (Names{"01-sommerfeld.2.json", "01-sommerfeld.json", "copy.json"}));
}

TEST(ImportMonitor, RefusesARegistrationThatSaysSomethingElseNow) {
  MonitorWorld world;
  std::string changed = sample("registrations/01-sommerfeld.json");
  world.arrivals.put("a.json", changed);
  world.two_rounds();
  changed.replace(changed.find("Annegret"), 8, "Adelgund");
  world.arrivals.put("b.json", changed);
  EXPECT_EQ(world.two_rounds().failed, 1);
  EXPECT_EQ(member(reason_of(world, "b.json"), "code"), "registration_changed");
}

TEST(ImportMonitor, RefusesWhatIsTooLargeWithoutReadingIt) {
  MonitorWorld world;
  world.arrivals.put("a.json", std::string(infra::codec::kJsonBytesMax + 1, ' '));
  EXPECT_EQ(world.two_rounds().failed, 1);
  EXPECT_EQ(member(reason_of(world, "a.json"), "message"), "is larger than 4194304 bytes");
}

TEST(ImportMonitor, LeavesRegistrationsWhileAPatientIsQuarantined) {
  MonitorWorld world;
  world.put_sample("registrations/01-sommerfeld.json");
  world.two_rounds();
  world.put_sample("registrations/02-weissgerber.json");
  const auto one = world.world.last_states().begin()->first;
  world.world.states->quarantine(one);
  world.two_rounds();
  EXPECT_EQ(world.names(Shelf::arrived), Names{"02-weissgerber.json"});
  EXPECT_TRUE(world.names(Shelf::failed).empty());
  EXPECT_EQ(world.monitor->report().issues.size(), 1U);
  world.restart();
  EXPECT_EQ(world.two_rounds().imported, 1);
}

TEST(ImportMonitor, TakesMoreFilesThanOneBatchHas) {
  MonitorWorld world;
  const std::string bytes = sample("registrations/06-ng.json");
  for (std::size_t at = 0; at <= ImportMonitor::kBatchFilesMax; ++at) {
    world.arrivals.put(std::to_string(at) + ".json", at == 50 ? "{}" : bytes);
  }
  const auto round = world.two_rounds();
  EXPECT_EQ(round.imported, 1);
  EXPECT_EQ(round.duplicates, 99);
  EXPECT_EQ(round.failed, 1);
  EXPECT_EQ(world.names(Shelf::failed), (Names{"50.json", "50.json.reason.json"}));
}

TEST(ImportMonitor, StopsBetweenTwoBatches) {
  MonitorWorld world;
  for (std::size_t at = 0; at <= ImportMonitor::kBatchFilesMax; ++at) {
    world.arrivals.put(std::to_string(at) + ".json", "{}");
  }
  world.monitor->round();
  int asked = 0;
  const auto round = world.monitor->round([&] { return ++asked > 1; });
  EXPECT_EQ(round.failed, 100);
  EXPECT_EQ(round.left, 1);
}

TEST(ImportMonitor, WorksOnAFolderOfThisMachine) {
  namespace fs = std::filesystem;
  const testing_projections::ScratchFolder scratch;
  infra::ingest::ImportFolder folder{scratch.path()};
  MonitorWorld world;
  world.look_at(folder);
  for (const char* set : {"registrations", "registrations-bad"}) {
    fs::copy(fs::path{SOURCE_ROOT} / "tests/data" / set, scratch.path());
  }
  const auto round = world.two_rounds();
  EXPECT_EQ(round.imported, 12);
  EXPECT_EQ(round.failed, 8);
  EXPECT_EQ(world.patients(), 12U);
  const auto files = [&](const char* name) {
    return std::distance(fs::directory_iterator{scratch.path() / name}, fs::directory_iterator{});
  };
  EXPECT_EQ(files("processed"), 12);
  EXPECT_EQ(files("failed"), 16);
  EXPECT_EQ(files("."), 2);
  EXPECT_GT(world.monitor->report().free_bytes.value_or(0), 0);
}

}  // namespace
