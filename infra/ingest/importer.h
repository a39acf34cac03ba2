#pragma once

#include <cstdint>
#include <functional>
#include <span>
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
  std::string message;  // names every wrong key, repeats no value
};

struct Summary {
  std::int64_t imported = 0;
  std::int64_t duplicates = 0;
  std::int64_t ignored = 0;
  std::vector<Refused> refused;

  [[nodiscard]] core::Raw to_raw() const;  // {"imported", "duplicates", "ignored", "refused"}
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
  void refuse(const Item& item, std::string code, std::string message);
  void queue(Item item, handling::Submission submission);

  Content content_;
  std::string actor_;
  ports::Ids& ids_;
  Handle handle_;
  std::vector<Item> items_;  // of the submissions waiting, without their bytes
  std::vector<handling::Submission> waiting_;
  Summary summary_;
};

}  // namespace infra::ingest
