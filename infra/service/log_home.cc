#include "infra/service/log_home.h"

#include "domain/core/broken.h"
#include "infra/log_embedded/embedded_log.h"

namespace infra::service {
namespace {

using core::Raw;
using log_embedded::EmbeddedLog;

// `log.db` in the data directory.
class EmbeddedHome final : public LogHome {
 public:
  explicit EmbeddedHome(std::unique_ptr<EmbeddedLog> log) : log_(std::move(log)) {}

  [[nodiscard]] ports::Log& log() override { return *log_; }
  [[nodiscard]] std::vector<std::string> damage() const override { return log_->check(); }
  [[nodiscard]] Raw::Object details() const override {
    return {{"bytes_on_disk", Raw{static_cast<std::int64_t>(log_->size_bytes())}}};
  }

 private:
  std::unique_ptr<EmbeddedLog> log_;
};

std::unique_ptr<EmbeddedLog> create_embedded(const Surroundings& surroundings,
                                             const DataDirectory& directory,
                                             std::int32_t partitions) {
  directory.demand_held();
  if (directory.has_caches()) {
    throw core::Broken(core::Breakage::log_mismatch,
                       directory.path().string() +
                           ": there are read models but no log.db, and a new log over them would "
                           "hide what is lost; put log.db back, or name another data directory");
  }
  return EmbeddedLog::create(directory.path(),
                             partitions,
                             ports::Incarnation{surroundings.ids.random()},
                             surroundings.clock);
}

}  // namespace

std::unique_ptr<LogHome> open_log_home(const Surroundings& surroundings,
                                       const DataDirectory& directory) {
  const auto access =
      directory.held() ? log_embedded::Access::read_write : log_embedded::Access::read_only;
  const bool there = !directory.held() || EmbeddedLog::exists(directory.path());
  return std::make_unique<EmbeddedHome>(
      there ? EmbeddedLog::open(directory.path(), surroundings.clock, access)
            : create_embedded(surroundings, directory, ports::kPartitionsDefault));
}

void create_log(const Surroundings& surroundings,
                const DataDirectory& directory,
                std::int32_t partitions) {
  if (EmbeddedLog::exists(directory.path())) return;
  static_cast<void>(create_embedded(surroundings, directory, partitions));
}

}  // namespace infra::service
