#include "infra/read_models/catalog.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "domain/core/broken.h"
#include "infra/read_models/files.h"
#include "infra/sqlite/statement.h"
#include "infra/sqlite/transaction.h"

namespace infra::read_models {
namespace {

namespace fs = std::filesystem;
using sqlite::Statement;

constexpr std::string_view kSchema = R"(
  CREATE TABLE generation (
    projection TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL,
    standing INTEGER NOT NULL, PRIMARY KEY (projection, number)) WITHOUT ROWID;
  CREATE TABLE last_number (projection TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
)";

struct Name {
  std::string projection;
  std::int64_t number;
};

// NAME.gNNNN.db
std::optional<Name> parse_name(const std::string& name) {
  constexpr std::string_view kEnding = ".db";
  const std::size_t mark = name.rfind(".g");
  if (mark == std::string::npos || !name.ends_with(kEnding)) return std::nullopt;
  const char* const end = name.data() + name.size() - kEnding.size();
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(name.data() + mark + 2, end, number);
  if (error != std::errc{} || stop != end || number < 1) return std::nullopt;
  return Name{name.substr(0, mark), number};
}

// The generation's file that `path` is, or is a companion of.
std::optional<fs::path> generation_file(const fs::path& path) {
  std::string text = path.string();
  for (const std::string_view companion : {"-wal", "-shm", "-journal"}) {
    if (text.ends_with(companion)) text.resize(text.size() - companion.size());
  }
  fs::path file{text};
  if (!parse_name(file.filename().string())) return std::nullopt;
  return file;
}

// What a generation's file says of itself; a file that cannot be read says nothing.
std::optional<Generation> look_into(const fs::path& file, const Name& name) {
  try {
    sqlite::Connection connection{file, sqlite::Open::read_only};
    Statement select{connection,
                     "SELECT (SELECT value FROM meta WHERE key = 'projection'),"
                     " (SELECT value FROM meta WHERE key = 'version'),"
                     " (SELECT value FROM meta WHERE key = 'loading')"};
    if (!select.step() || select.bytes(0) != name.projection) return std::nullopt;
    return Generation{name.projection,
                      name.number,
                      file,
                      static_cast<std::int32_t>(select.integer(1)),
                      select.integer(2) == 0 ? Standing::live : Standing::shadow};
  } catch (const sqlite::Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::string_view name(Standing standing) {
  switch (standing) {
    case Standing::live: return "live";
    case Standing::shadow: return "shadow";
    case Standing::previous: return "previous";
  }
  return "live";
}

Catalog::Catalog(const fs::path& folder) : folder_(folder) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error)
    throw core::Broken(core::Breakage::io, folder_.string() + ": cannot make: " + error.message());
  const fs::path file = folder_ / "catalog.db";
  if (fs::exists(file)) {
    try {
      connection_.emplace(file, sqlite::Open::read_write);
      static_cast<void>(list());
      Statement{*connection_, "SELECT projection, number FROM last_number"}.run();
      return;
    } catch (const sqlite::Error& damage) {
      if (damage.kind() == core::Breakage::locked || damage.disk_full()) throw;
    }
  }
  recreated_ = true;
  connection_.reset();
  remove_database(file);
  create();
}

void Catalog::create() {
  connection_.emplace(folder_ / "catalog.db", sqlite::Open::create);
  connection_->execute("PRAGMA journal_mode = WAL");
  sqlite::Transaction transaction{*connection_};
  connection_->execute(std::string{kSchema});
  adopt_found_generations();
  transaction.commit();
}

void Catalog::adopt_found_generations() {
  std::map<std::string, std::vector<Generation>> found;
  std::map<std::string, std::int64_t> last;
  for (const fs::directory_entry& entry : fs::directory_iterator{folder_}) {
    const auto file_name = parse_name(entry.path().filename().string());
    if (!file_name) continue;
    std::int64_t& number = last[file_name->projection];
    number = std::max(number, file_name->number);
    if (auto generation = look_into(entry.path(), *file_name)) {
      found[file_name->projection].push_back(std::move(*generation));
    }
  }
  for (auto& [projection, generations] : found) adopt(std::move(generations));
  Statement remember{*connection_, "INSERT INTO last_number VALUES (?1, ?2)"};
  for (const auto& [projection, number] : last) {
    remember.bind(1, std::string_view{projection}).bind(2, number).run();
  }
}

// The newest complete one is live, the one before previous, the newest loading one the shadow.
void Catalog::adopt(std::vector<Generation> generations) {
  std::sort(generations.begin(), generations.end(), [](const Generation& a, const Generation& b) {
    return a.number > b.number;
  });
  int complete = 0;
  int loading = 0;
  for (Generation& generation : generations) {
    int& seen = generation.standing == Standing::live ? complete : loading;
    if (++seen > (generation.standing == Standing::live ? 2 : 1)) {
      remove_database(generation.file);
      continue;
    }
    if (generation.standing == Standing::live && complete == 2)
      generation.standing = Standing::previous;
    Statement insert{*connection_, "INSERT INTO generation VALUES (?1, ?2, ?3, ?4)"};
    insert.bind(1, std::string_view{generation.projection})
        .bind(2, generation.number)
        .bind(3, std::int64_t{generation.version})
        .bind(4, static_cast<std::int64_t>(generation.standing))
        .run();
  }
}

fs::path Catalog::path_of(std::string_view projection, std::int64_t number) const {
  std::string digits = std::to_string(number);
  constexpr std::size_t kDigitsMin = 4;
  if (digits.size() < kDigitsMin) digits.insert(0, kDigitsMin - digits.size(), '0');
  return folder_ / (std::string{projection} + ".g" + digits + ".db");
}

std::vector<Generation> Catalog::list() const {
  std::vector<Generation> generations;
  Statement select{*connection_,
                   "SELECT projection, number, version, standing FROM generation"
                   " ORDER BY projection, number"};
  while (select.step()) {
    generations.push_back({std::string{select.bytes(0)},
                           select.integer(1),
                           path_of(select.bytes(0), select.integer(1)),
                           static_cast<std::int32_t>(select.integer(2)),
                           static_cast<Standing>(select.integer(3))});
  }
  return generations;
}

std::optional<Generation> Catalog::find(std::string_view projection, Standing standing) const {
  for (Generation& generation : list()) {
    if (generation.projection == projection && generation.standing == standing)
      return std::move(generation);
  }
  return std::nullopt;
}

Generation Catalog::new_shadow(const projections::Projection& projection) {
  const auto dropped = find(projection.name, Standing::shadow);
  sqlite::Transaction transaction{*connection_};
  if (dropped) forget(*dropped);
  Statement next{*connection_,
                 "INSERT INTO last_number VALUES (?1, 1)"
                 " ON CONFLICT (projection) DO UPDATE SET number = number + 1 RETURNING number"};
  next.bind(1, projection.name);
  const std::int64_t number = next.step() ? next.integer(0) : 0;
  next.reset();
  Statement insert{*connection_, "INSERT INTO generation VALUES (?1, ?2, ?3, ?4)"};
  insert.bind(1, projection.name)
      .bind(2, number)
      .bind(3, std::int64_t{projection.version})
      .bind(4, static_cast<std::int64_t>(Standing::shadow))
      .run();
  transaction.commit();
  remove_forgotten_files();
  return {std::string{projection.name},
          number,
          path_of(projection.name, number),
          projection.version,
          Standing::shadow};
}

bool Catalog::cut_over(std::string_view projection) {
  const auto shadow = find(projection, Standing::shadow);
  const auto live = find(projection, Standing::live);
  const auto previous = find(projection, Standing::previous);
  if (!shadow) return false;
  sqlite::Transaction transaction{*connection_};
  if (previous && live) forget(*previous);
  if (live) move(*live, Standing::previous);
  move(*shadow, Standing::live);
  transaction.commit();
  remove_forgotten_files();
  return true;
}

bool Catalog::roll_back(std::string_view projection) {
  const auto live = find(projection, Standing::live);
  const auto previous = find(projection, Standing::previous);
  if (!previous) return false;
  sqlite::Transaction transaction{*connection_};
  if (live) move(*live, Standing::previous);
  move(*previous, Standing::live);
  transaction.commit();
  return true;
}

bool Catalog::discard(std::string_view projection, Standing standing) {
  const auto generation = find(projection, standing);
  if (!generation || standing == Standing::live) return false;
  sqlite::Transaction transaction{*connection_};
  forget(*generation);
  transaction.commit();
  remove_forgotten_files();
  return true;
}

void Catalog::move(const Generation& generation, Standing standing) {
  Statement update{*connection_,
                   "UPDATE generation SET standing = ?3 WHERE projection = ?1 AND number = ?2"};
  update.bind(1, std::string_view{generation.projection})
      .bind(2, generation.number)
      .bind(3, static_cast<std::int64_t>(standing))
      .run();
}

// A generation is entered before its file is made and forgotten before its file is removed: what is
// found in the folder first and not in the catalog afterwards is nobody's, whoever left it.
void Catalog::remove_forgotten_files() {
  std::set<fs::path> nobodys;
  for (const fs::directory_entry& entry : fs::directory_iterator{folder_}) {
    if (auto file = generation_file(entry.path())) nobodys.insert(*std::move(file));
  }
  for (const Generation& generation : list()) nobodys.erase(generation.file);
  for (const fs::path& file : nobodys) remove_database(file);
}

void Catalog::forget(const Generation& generation) {
  Statement remove{*connection_, "DELETE FROM generation WHERE projection = ?1 AND number = ?2"};
  remove.bind(1, std::string_view{generation.projection}).bind(2, generation.number).run();
}

}  // namespace infra::read_models
