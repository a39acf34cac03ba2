#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/sqlite/connection.h"
#include "projections/projection.h"

namespace infra::read_models {

enum class Standing : std::uint8_t { live, shadow, previous };
[[nodiscard]] std::string_view name(Standing standing);

struct Generation {
  std::string projection;
  std::int64_t number;         // 1, 2, 3 … per projection; never used again
  std::filesystem::path file;  // with its folder
  std::int32_t version;        // of the projection that it was begun with
  Standing standing;
  friend bool operator==(const Generation&, const Generation&) = default;
};

// Which generation of each projection answers. One file, `catalog.db`, beside the generations. Of a
// projection there is at most one live, one shadow and one previous generation. Used by one thread.
class Catalog {
 public:
  // `folder` is made when it is not there. A catalog that is missing or damaged is made again from
  // the generations found; only a completely loaded one becomes live then.
  explicit Catalog(const std::filesystem::path& folder);

  [[nodiscard]] bool was_recreated() const { return recreated_; }
  [[nodiscard]] std::vector<Generation> list() const;
  [[nodiscard]] std::optional<Generation> find(std::string_view projection,
                                               Standing standing) const;

  // The next generation, as a shadow; a shadow there was is dropped with its file. The file itself
  // is for SqliteStore to create.
  Generation new_shadow(const projections::Projection& projection);
  // In one transaction: the shadow becomes live, the live one previous. The previous one before is
  // dropped. False: there is no shadow.
  [[nodiscard]] bool cut_over(std::string_view projection);
  // The live and the previous generation change places. False: there is no previous one.
  [[nodiscard]] bool roll_back(std::string_view projection);
  // Drops a generation that is not live, with its file. False: there is none.
  [[nodiscard]] bool discard(std::string_view projection, Standing standing);

 private:
  void create();
  void adopt_found_generations();
  void adopt(std::vector<Generation> generations);
  [[nodiscard]] std::filesystem::path path_of(std::string_view projection,
                                              std::int64_t number) const;
  void move(const Generation& generation, Standing standing);
  void forget(const Generation& generation);
  void remove_forgotten_files();

  std::filesystem::path folder_;
  mutable std::optional<sqlite::Connection> connection_;
  bool recreated_ = false;
};

}  // namespace infra::read_models
