#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "infra/codec/digest.h"
#include "infra/runtime/clock.h"
#include "infra/runtime/ids.h"
#include "infra/service/kartei.h"
#include "infra/sqlite/connection.h"

namespace testing_service {

namespace fs = std::filesystem;
using core::Raw;
using infra::service::Kartei;
using patient::Key;
using patient::PatientId;

// A whole data directory with nine patients, and what a test asks of it.
class ReadModels : public ::testing::Test {
 protected:
  ReadModels() {
    std::string pattern = (fs::temp_directory_path() / "kartei-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    open();
    for (int number = 1; number <= 9; ++number) {
      run({std::nullopt,
           patient::Create{{{Key::anrede, std::string{"Frau"}},
                            {Key::geschlecht, std::string{"weiblich"}},
                            {Key::vorname, "Vorname" + std::to_string(number)},
                            {Key::nachname, std::string{"Probe"}}},
                           std::nullopt,
                           {patient::TherapistId{number}},
                           std::nullopt}});
    }
  }
  ~ReadModels() override {
    kartei.reset();
    fs::remove_all(folder);
  }

  void open() {
    kartei.reset();
    kartei = std::make_unique<Kartei>(infra::service::Surroundings{
        folder,
        clock,
        ids,
        [this](std::string_view notice) { notices.emplace_back(notice); },
        [this](const infra::service::Progress&) { ++progress; }});
  }

  struct Asked {
    std::optional<PatientId> patient;
    patient::Command command;
  };
  void run(const Asked& asked) {
    const std::vector<handling::Submission> submissions{
        {patient::CommandId{ids.random()},
         infra::codec::command_digest(asked.patient, asked.command),
         asked.patient,
         asked.command,
         handling::ExpectAny{},
         "test",
         patient::CorrelationId{ids.random()}}};
    ASSERT_TRUE(std::holds_alternative<handling::Done>(kartei->handle(submissions).front()));
  }
  void move(std::int64_t patient, const std::string& town) {
    run({PatientId::numbered(patient), patient::Update{{{Key::ort, town}}, {}, {}}});
  }

  // "live 1" …, as `projection list` says it of one projection.
  std::vector<std::string> generations(const std::string& name) {
    std::vector<std::string> found;
    const Raw listed = kartei->projections();
    for (const Raw& row : std::get<Raw::Array>(listed.value)) {
      if (text(row, "name") != name) continue;
      const auto* number = std::get_if<std::int64_t>(&field(row, "generation").value);
      found.push_back(text(row, "state") + (number ? ' ' + std::to_string(*number) : ""));
    }
    return found;
  }

  static const Raw& field(const Raw& object, std::string_view key) {
    for (const auto& [name, value] : std::get<Raw::Object>(object.value)) {
      if (name == key) return value;
    }
    throw std::runtime_error("no field " + std::string{key});
  }
  static std::string text(const Raw& object, std::string_view key) {
    return std::get<std::string>(field(object, key).value);
  }

  // How the live directory has a patient's town, by plain SQL.
  std::string town(std::int64_t patient) {
    const auto answer = kartei->sql(
        "directory",
        "SELECT ort FROM directory WHERE patient_id = '" + std::to_string(patient) + "'",
        {});
    if (!answer) return answer.error().message;
    const auto& row = std::get<Raw::Array>(field(answer.value().data, "rows").value).at(0);
    const auto* found = std::get_if<std::string>(&std::get<Raw::Array>(row.value).at(0).value);
    return found != nullptr ? *found : "";
  }
  // Somebody else's hand in a read model, behind our back.
  void tamper(const std::string& file, const std::string& statement) {
    kartei.reset();
    infra::sqlite::Connection{folder / "read" / file, infra::sqlite::Open::read_write}.execute(
        statement);
    open();
  }

  fs::path folder;
  infra::runtime::FixedClock clock{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3}};
  infra::runtime::Ids ids;
  std::vector<std::string> notices;
  int progress = 0;
  std::unique_ptr<Kartei> kartei;
  using Names = std::vector<std::string>;
};

}  // namespace testing_service
