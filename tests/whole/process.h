#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "domain/core/raw.h"

// The built program as a process.
namespace whole {

using Words = std::vector<std::string>;

struct Ran {
  int status;  // the exit status; -1: ended by a signal
  std::string out;
  std::string err;
  core::Raw document;      // null unless stdout is exactly one JSON document
  std::int64_t wrote = 0;  // bytes written to files, as far as they were seen (`kill_after`)

  // What stands at `data.0.name` of the document, as JSON; empty when nothing does.
  [[nodiscard]] std::string at(const std::string& path) const;
  // The keys of the object there, separated by spaces.
  [[nodiscard]] std::string keys(const std::string& path) const;
  // How many elements the array there has.
  [[nodiscard]] std::size_t size(const std::string& path) const;
  [[nodiscard]] std::string code() const { return at("error.code"); }
};

// A data directory of its own and the programs that are run on it, the clock at
// 2026-02-01T09:00:00Z. Gone with the object.
class Place {
 public:
  Place();
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // Runs `kartei --json ARGS…` to its end.
  Ran json(Words arguments, const std::string& in = "") { return end(start_json(arguments, in)); }
  // Runs `kartei ARGS…` to its end.
  Ran run(const Words& arguments, const std::string& in = "") { return end(start(arguments, in)); }

  // Starts one; `end` waits for it, `kill` ends it with SIGKILL, `kill_after` does so when it has
  // written so many bytes to files, unless it ends before.
  pid_t start(const Words& arguments, const std::string& in = "");
  pid_t start_json(Words arguments, const std::string& in = "");
  Ran end(pid_t pid);
  Ran kill(pid_t pid);
  Ran kill_after(std::int64_t bytes, pid_t pid);

  // The same with `file`, which may be a pipe with a name, as standard input.
  pid_t start_reading(const std::filesystem::path& file, const Words& arguments);

  // Makes the data directory a copy of another place's.
  void copy_data_of(const Place& other);

  // Sets what the next programs find in their environment.
  std::string clock = "2026-02-01T09:00:00Z";
  std::string data_name = "data";
  std::map<std::string, std::string> variables;  // further ones
  // The terminal that is their standard error; empty: it is a file.
  std::filesystem::path terminal;
  // The folder that they are started in; empty: this process's.
  std::filesystem::path start_in;
  // The size that no file may pass, in bytes; 0: none.
  std::size_t largest_file = 0;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path data() const { return folder_ / data_name; }
  std::string write(const std::string& name, const std::string& bytes) const;

 private:
  Ran collect(pid_t pid, int wait_status) const;

  std::filesystem::path folder_;
};

[[nodiscard]] std::string sample(const std::string& name);
[[nodiscard]] std::string bytes_of(const std::filesystem::path& file);
[[nodiscard]] Words new_patient(const std::string& id);
[[nodiscard]] Words with(Words words, const Words& more);

}  // namespace whole
