#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/raw.h"
#include "domain/handling/submission.h"
#include "domain/ports/clock.h"

namespace infra::ingest {

// One document of an import: a registration, or one communication event.
struct Item {
  std::string file;       // as the person named it; `-` for standard input
  std::int64_t line = 0;  // 0: the document is the whole file
  std::string bytes;
};

struct Refused {
  std::string file;
  std::int64_t line = 0;
  std::string code;
  std::string message;     // names every wrong key, repeats no value
  std::size_t number = 0;  // of the item among all that were added, from 0
};

struct Summary {
  std::int64_t imported = 0;
  std::int64_t duplicates = 0;
  std::int64_t ignored = 0;
  std::vector<Refused> refused;
  // Who was imported by a registration without a token, from which the payment reference is made
  // (DOMAIN.md, 1 and 3): how many, and the first of them.
  static constexpr std::size_t kNamedMax = 20;
  std::int64_t without_reference = 0;
  std::vector<patient::PatientId> first_without_reference;

  // What somebody should know of that, as a sentence; none: there is no such patient.
  [[nodiscard]] std::optional<std::string> warning() const;
  [[nodiscard]] core::Raw to_raw() const;  // {"imported", "duplicates", "ignored", "refused"}
};

// Nobody can say whether the last batch is in the log. Importing the same again is safe.
class OutcomeUnknownError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Content { registrations, communications };

// Turns items into commands and submits them in batches of one transaction each. Repeating an
// import is harmless: what is in the log already counts as a duplicate. `handle` is the writer
// (Kartei::handle). Throws what `handle` throws; what was counted by then is in the log.
class Importer {
 public:
  using Handle =
      std::function<std::vector<handling::Answer>(std::span<const handling::Submission>)>;
  static constexpr std::size_t kBatchMax = 500;
  static constexpr std::size_t kBatchBytesMax = std::size_t{16} * 1024 * 1024;  // of documents

  Importer(Content content, std::string actor, ports::Ids& ids, Handle handle);

  // Takes one item; submits when a batch is full.
  void add(Item item);
  // Submits what is left. Call once at the end.
  void finish();
  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  void read_registration(const Item& item);
  void read_communication(const Item& item);
  void submit();
  // Where a document came from.
  struct Place {
    std::string file;
    std::int64_t line;
    std::size_t number;
  };
  [[nodiscard]] Place place_of(const Item& item) const { return {item.file, item.line, added_}; }
  void queue(const Item& item, std::optional<patient::PatientId> id, patient::Command command);
  void refuse(const Place& place, std::string code, std::string message);
  void count(const Place& place, const handling::Answer& answer);
  void note_missing_reference(const patient::Command& command, const handling::Answer& answer);

  Content content_;
  std::string actor_;
  ports::Ids& ids_;
  Handle handle_;
  std::vector<handling::Submission> waiting_;
  std::vector<Place> places_;      // where each of them came from
  std::size_t waiting_bytes_ = 0;  // of their documents
  std::size_t added_ = 0;          // before the item at hand
  Summary summary_;
};

}  // namespace infra::ingest
