#include "tools/kartei/importing.h"

#include <atomic>

#include "infra/gcs/import_bucket.h"
#include "infra/ingest/import_folder.h"

namespace kartei {
namespace {

using infra::ingest::Arrivals;
using infra::ingest::ImportMonitor;
using infra::service::Host;
using infra::service::Surroundings;

ImportMonitor::Given given_for(Arrivals& arrivals,
                               const char* place,
                               const ServeOptions& options,
                               Host& host,
                               const Surroundings& given) {
  return {arrivals,
          given.clock,
          given.ids,
          [&host](auto submissions) { return host.guest()->handle(submissions); },
          options.import_retention,
          [&host](std::string_view sentence) { host.say(sentence); },
          place};
}

class FromFolder final : public Importing {
 public:
  FromFolder(const ServeOptions& options, Host& host, const Surroundings& given)
      : folder_(*options.import_folder),
        monitor_(given_for(folder_, "import folder", options, host, given)),
        watch_(monitor_, options.import_interval) {}
  [[nodiscard]] const ImportMonitor& monitor() const override { return monitor_; }
  void stop() override { watch_.stop(); }

 private:
  infra::ingest::ImportFolder folder_;
  ImportMonitor monitor_;
  infra::ingest::ImportWatch watch_;
};

infra::gcs::TokenSource token_source(const ImportBucketOptions& options,
                                     infra::outgoing::Client& client,
                                     ports::Clock& clock) {
  if (options.key_file) return infra::gcs::service_account(*options.key_file, client, clock);
  return infra::gcs::metadata_server(options.metadata_host, client);
}

class FromBucket final : public Importing {
 public:
  FromBucket(const ServeOptions& options, Host& host, const Surroundings& given)
      : client_({.cancelled = [this] { return stopping_.load(); }}),
        credentials_(token_source(*options.import_bucket, client_, given.clock), given.clock),
        bucket_({options.import_bucket->endpoint,
                 options.import_bucket->name,
                 client_,
                 options.import_bucket->without_credentials ? nullptr : &credentials_}),
        monitor_(given_for(bucket_, "import bucket", options, host, given)),
        watch_(monitor_, options.import_interval) {}
  ~FromBucket() override { stopping_ = true; }
  [[nodiscard]] const ImportMonitor& monitor() const override { return monitor_; }
  void stop() override {
    stopping_ = true;
    watch_.stop();
  }

 private:
  std::atomic<bool> stopping_ = false;
  infra::outgoing::Client client_;
  infra::gcs::Credentials credentials_;
  infra::gcs::ImportBucket bucket_;
  ImportMonitor monitor_;
  infra::ingest::ImportWatch watch_;
};

}  // namespace

std::vector<std::unique_ptr<Importing>> import_from(const ServeOptions& options,
                                                    Host& host,
                                                    const Surroundings& given) {
  std::vector<std::unique_ptr<Importing>> all;
  if (options.import_folder) all.push_back(std::make_unique<FromFolder>(options, host, given));
  if (options.import_bucket) all.push_back(std::make_unique<FromBucket>(options, host, given));
  return all;
}

std::vector<const ImportMonitor*> monitors_of(
    const std::vector<std::unique_ptr<Importing>>& importing) {
  std::vector<const ImportMonitor*> all;
  for (const auto& one : importing) all.push_back(&one->monitor());
  return all;
}

}  // namespace kartei
