#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string_view>

#include "domain/core/time.h"
#include "domain/patient/ids.h"
#include "infra/access/line_file.h"

namespace infra::access {

// Two files of JSON lines for whoever must account for a service. Both are LineFiles: they are
// appended to without waiting for the disk, opened again when they were moved away, and trouble
// with them never stops the service. Constructors throw core::Broken (io) when the file cannot be
// opened. Any thread.

// Which requests came, and what came of them. Holds no path, no query and nothing of a patient.
class AccessLog {
 public:
  struct Exchange {
    core::Timestamp at;
    std::string_view method;  // one that HTTP does not define is written as `other`
    std::string_view route;   // of a template such as /api/patients/{id}; empty: null is written
    std::string_view actor = {};  // the name of the token; empty, null is written: none was needed
                                  // or it was refused
    int status = 0;
    std::size_t bytes = 0;
    std::chrono::nanoseconds duration{};
    std::string_view remote = {};  // address of the peer; empty: left out
  };

  AccessLog(std::filesystem::path path, Trouble trouble);
  // {"at","method","route","actor","status","bytes","milliseconds","remote"?}
  void record(const Exchange& exchange);
  void flush() { file_.flush(); }

 private:
  LineFile file_;
};

// Who was shown which patient: one line for each patient of an answer. Holds ids alone.
class ReadLog {
 public:
  struct Read {
    core::Timestamp at;
    std::string_view actor;
    const patient::PatientId& patient;
    std::string_view what;  // one word for the kind of answer: patient, history, list, change …
    std::string_view correlation_id = {};  // empty: left out
  };

  ReadLog(std::filesystem::path path, Trouble trouble);
  // {"at","actor","patient_id","what","correlation_id"?}
  void record(const Read& read);
  void flush() { file_.flush(); }

 private:
  LineFile file_;
};

}  // namespace infra::access
