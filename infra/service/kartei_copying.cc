#include <algorithm>

#include "domain/handling/copying.h"
#include "infra/log_embedded/embedded_log.h"
#include "infra/read_models/files.h"
#include "infra/service/comparison.h"
#include "infra/service/parts.h"
#include "projections/all.h"
#include "projections/states/states.h"

// Outgrowing one machine: an embedded log copied into the log on Kafka, and the proof.
namespace infra::service {
namespace {

using core::Failure;
using core::Raw;
using log_embedded::EmbeddedLog;
using projections::Projection;
using read_models::SqliteStore;

// A read model that is made to be compared, and goes with the object.
class Throwaway {
 public:
  Throwaway(const std::filesystem::path& file,
            const Projection& projection,
            const ports::LogIdentity& log)
      : goes_again_(file), store_(SqliteStore::create(file, projection, log)) {}

  [[nodiscard]] SqliteStore& store() { return *store_; }

 private:
  const read_models::TemporaryDatabase goes_again_;
  std::unique_ptr<SqliteStore> store_;
};

// Who is in quarantine is the same; where their records lie cannot be.
void forget_places(projections::Comparison& comparison) {
  comparison.drifted -=
      static_cast<std::int64_t>(std::erase_if(comparison.drift, [](const projections::Drift& one) {
        const projections::Cell nobody;
        return one.table == "quarantine" && one.live != nobody && one.rebuilt != nobody;
      }));
}

// Makes the read models of both logs beside each other, compares them, and the writer's states as
// well, from which ids and registrations go on.
class Proof {
 public:
  Proof(const Surroundings& surroundings, ports::EventCodec& codec, std::filesystem::path folder)
      : surroundings_(surroundings), codec_(codec), folder_(std::move(folder)) {}

  [[nodiscard]] Checked compare(const ports::Log& source, const ports::Log& target) {
    std::filesystem::create_directories(folder_);
    const std::vector<Projection> projections = projections::all(codec_);
    const auto before = built(source, projections, "source");
    const auto after = built(target, projections, "copy");
    Checked checked;
    Raw::Array rows;
    for (std::size_t at = 0; at < projections.size(); ++at) {
      projections::Comparison comparison =
          projections::compare(projections[at], after[at]->store(), before[at]->store());
      forget_places(comparison);
      checked.found = checked.found || comparison.drifted > 0;
      rows.push_back(to_raw(projections[at].name, comparison));
    }
    checked.data = Raw{std::move(rows)};
    return checked;
  }

 private:
  using Built = std::vector<std::unique_ptr<Throwaway>>;

  [[nodiscard]] Built built(const ports::Log& log,
                            const std::vector<Projection>& projections,
                            const std::string& which) {
    Built built;
    std::vector<projections::Building> buildings;
    for (const Projection& projection : projections) {
      const std::string name = std::string{projection.name} + '.' + which + ".db";
      built.push_back(std::make_unique<Throwaway>(folder_ / name, projection, log.identity()));
      buildings.push_back({projection, built.back()->store()});
    }
    const std::string what = "read models of the " + which;
    static_cast<void>(projections::rebuild(
        {log, codec_, buildings, [&](const projections::RebuildProgress& progress) {
           surroundings_.progress({what, progress.done, progress.total});
         }}));
    return built;
  }

  const Surroundings& surroundings_;
  ports::EventCodec& codec_;
  std::filesystem::path folder_;
};

}  // namespace

Outcome<Checked> Kartei::import_log(const std::filesystem::path& from) {
  parts_->demand_no_host();
  parts_->directory().demand_held();
  ports::Log& target = parts_->log();
  if (!EmbeddedLog::exists(from)) {
    return Failure{Problem{ProblemCode::usage, from.string() + " has no embedded log (log.db)"}};
  }
  const DataDirectory source_directory{from};
  source_directory.demand_held();
  const auto source =
      EmbeddedLog::open(from, parts_->surroundings.clock, log_embedded::Access::read_write);
  if (const auto damage = source->check(); !damage.empty()) {
    throw core::Broken(core::Breakage::corrupt,
                       "the log to copy is damaged, restore it first: " + damage.front());
  }
  const handling::Copied copied =
      handling::copy_log(*source, target, [&](std::int64_t done, std::int64_t total) {
        parts_->surroundings.progress({"import log", done, total});
      });
  Proof proof{parts_->surroundings, parts_->codec, parts_->directory().path() / "read"};
  Checked compared = proof.compare(*source, target);
  Raw::Object object{{"records", Raw{copied.records}},
                     {"already_there", Raw{copied.already_there}},
                     {"incarnation", Raw{target.identity().incarnation.get().text()}},
                     {"partitions", Raw{std::int64_t{target.identity().partitions}}},
                     {"equal", Raw{!compared.found}},
                     {"compared", std::move(compared.data)}};
  return Checked{Raw{std::move(object)}, compared.found};
}

}  // namespace infra::service
