#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"

namespace infra::ingest {

// Where files lie: as they arrived, or out of the way when somebody is done with them.
enum class Shelf { arrived, processed, failed };

// A file that arrived, as it was when it was looked at. Its name may be personal data: it goes
// nowhere but into the reason beside a file that failed.
struct Arrival {
  std::string name;  // without a folder
  std::int64_t bytes = 0;
  core::Timestamp modified;  // of a processed one: since when it is there
  std::string version;       // another one whenever the content may be another
  friend bool operator==(const Arrival&, const Arrival&) = default;
};

// A place in which somebody leaves files, `*.json` at its top, and from which they are put to
// `processed/` or `failed/`. It may be in others' hands all the while: whoever asks for a file that
// is not there any more, or not as it was, is told so by a value. Used by one thread. Every member
// throws core::Broken (io, broker_unavailable) where the machinery says no, in words without names.
class Arrivals {
 public:
  using Sink = std::function<void(const Arrival&)>;
  virtual ~Arrivals() = default;

  // Every `*.json` there, in no order. `sink` must not change anything there.
  virtual void list(Shelf shelf, const Sink& sink) = 0;
  // The whole content; none: it is not there any more as it was.
  [[nodiscard]] virtual std::optional<std::string> read(const Arrival& arrival) = 0;
  // To `processed/`, under its name or, where that is taken, one made of it (shelved_name).
  // False: it is not there any more as it was, and nothing was done.
  [[nodiscard]] virtual bool accept(const Arrival& arrival) = 0;
  // The same, to `failed/`, and `reason` beside it (reason_name). The reason is there first: a
  // process that dies in between leaves a reason without a file, never a file without its reason.
  [[nodiscard]] virtual bool reject(const Arrival& arrival, std::string_view reason) = 0;
  // Removes one that was listed as processed; one that is not as it was stays.
  virtual void remove_processed(const Arrival& processed) = 0;
  // Room for more; none: nobody knows.
  [[nodiscard]] virtual std::optional<std::int64_t> free_bytes() = 0;
};

// So many names are tried for a file before its shelf counts as broken.
inline constexpr int kShelvedNamesMax = 10'000;
// The names under which a file may be put away, from attempt 1: `a.json`, `a.2.json`, `a.3.json`.
// Short enough to have its reason beside it: a long one loses the end of what stands before
// `.json`.
[[nodiscard]] std::string shelved_name(std::string_view name, int attempt);
// `a.json.reason.json`, for the name under which the file was put away.
[[nodiscard]] std::string reason_name(std::string_view shelved);
// Whether a file of that name counts as arrived: it ends in `.json` and does not begin with a dot,
// as what is hidden and what is still being uploaded does.
[[nodiscard]] bool is_document_name(std::string_view name);

}  // namespace infra::ingest
