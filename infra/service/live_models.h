#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/broken.h"
#include "domain/ports/codec.h"
#include "infra/read_models/catalog.h"
#include "infra/read_models/sqlite_store.h"
#include "infra/service/board.h"
#include "infra/service/data_directory.h"
#include "infra/service/kartei.h"
#include "infra/service/view.h"
#include "projections/worker.h"

namespace infra::service {

// What was built to go live is not there any more. Throws core::Broken (locked).
[[noreturn]] void changed_by_others(std::string_view name);

// The live generation of each read model, kept at the head of the log by who holds the directory
// and read as it stands by everybody else: by other processes and by a host's guests. Used by one
// thread.
class LiveModels {
 public:
  // With `board` it is a guest's: whoever keeps the read models says there how they stand.
  LiveModels(const DataDirectory& directory,
             const ports::Log& log,
             ports::EventCodec& codec,
             const Surroundings& surroundings,
             Board* board);

  [[nodiscard]] const std::vector<projections::Projection>& projections() const {
    return projections_;
  }
  // Throws nothing: none when there is no such read model.
  [[nodiscard]] const projections::Projection* find(std::string_view name) const;
  [[nodiscard]] std::string known_names() const;

  // The live generation, brought to the head; made again first when it is missing, damaged or of
  // another version. Only who holds the directory may ask.
  [[nodiscard]] read_models::SqliteStore& at_head(const projections::Projection& projection);
  // The same, batch by batch, to the head, or through what has come already; or until `goes_on`
  // says no. Whether it is there.
  enum class Reach { head, ready };
  bool follow(const projections::Projection& projection,
              Reach reach,
              const std::function<bool()>& goes_on);

  // Of a read model that this one keeps, as it stands; none: it is not open.
  [[nodiscard]] std::optional<View> standing(const projections::Projection& projection) const;
  // Waits, bounded, until it has seen `wait.token`. Problems: rebuilding, timeout, invalid token.
  [[nodiscard]] Outcome<View> view(std::string_view name, const Wait& wait);

  // A connection that reads the view's file and nothing else, kept for the next question where this
  // process keeps the read model open. Holds until the read model is closed.
  [[nodiscard]] std::shared_ptr<sqlite::Connection> reader(std::string_view name, const View& view);

  // Asks `question` of these read models. Where it meets damage they are made again from the log
  // and asked once more; who does not hold the directory only hears of the damage.
  template <class Question>
  auto healed(std::initializer_list<std::string_view> names, const Question& question) {
    try {
      return question();
    } catch (const core::Broken& broken) {
      if (broken.kind() != core::Breakage::corrupt || !directory_.held()) throw;
      if (board_ != nullptr) return decltype(question()){report_damage(names, broken.what())};
      for (const std::string_view name : names) make_again(*find(name), broken.what());
    }
    return question();
  }

  // Makes it again from the log, because it is damaged, and says so.
  void make_again(const projections::Projection& projection, const std::string& why);

  // Forgets what is open of this read model: its generations are about to change.
  void close(std::string_view name) { open_.erase(std::string{name}); }

  [[nodiscard]] read_models::Catalog& catalog();
  [[nodiscard]] std::filesystem::path folder() const { return directory_.path() / "read"; }

 private:
  struct Open {
    std::unique_ptr<read_models::SqliteStore> store;
    std::unique_ptr<projections::Worker> worker;
    std::shared_ptr<sqlite::Connection> reader;  // when somebody has asked
  };

  [[nodiscard]] Open& bring_on(const projections::Projection& projection,
                               Reach reach,
                               const std::function<bool()>& goes_on);
  Open& open(const projections::Projection& projection);
  [[nodiscard]] Open try_open(const projections::Projection& projection);
  [[nodiscard]] core::Failure<Problem> report_damage(std::initializer_list<std::string_view> names,
                                                     const std::string& why);
  [[nodiscard]] Outcome<View> view_on_board(const projections::Projection& projection) const;
  [[nodiscard]] Outcome<View> view_of_others(const projections::Projection& projection);
  // Until the read model may have moved. False: it will not before the deadline.
  [[nodiscard]] bool await_move(std::uint64_t& news,
                                std::chrono::steady_clock::time_point deadline) const;
  [[nodiscard]] Outcome<View> view_now(const projections::Projection& projection);

  const DataDirectory& directory_;
  const ports::Log& log_;
  ports::EventCodec& codec_;
  const Surroundings& surroundings_;
  Board* board_;  // none: this one keeps the read models, or another process does
  std::vector<projections::Projection> projections_;
  std::unique_ptr<read_models::Catalog> catalog_;
  std::map<ports::Topic, projections::Feeds> feeds_;  // outlive the workers
  std::map<std::string, Open> open_;
  struct Kept {
    std::filesystem::path file;
    std::shared_ptr<sqlite::Connection> connection;
  };
  std::map<std::string, Kept, std::less<>> readers_;  // of a guest
};

}  // namespace infra::service
