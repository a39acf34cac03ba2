#include <algorithm>
#include <map>
#include <system_error>

#include "infra/service/parts.h"

// What an operator asks of the whole: topics, quarantine, doctor.
namespace infra::service {
namespace {

using core::Failure;
using core::Raw;

constexpr std::uintmax_t kFreeBytesWanted = 1'000'000'000;

Raw text(std::string_view value) { return Raw{std::string{value}}; }

Raw patient_raw(const patient::PatientId& id) {
  if (const auto number = id.number()) return Raw{*number};
  return Raw{id.text()};
}

Raw identity_raw(const ports::LogIdentity& identity) {
  return Raw{Raw::Object{{"incarnation", Raw{identity.incarnation.get().text()}},
                         {"partitions", Raw{std::int64_t{identity.partitions}}}}};
}

Raw quarantined_raw(const projections::Quarantined& entry) {
  return Raw{Raw::Object{{"patient_id", patient_raw(entry.patient)},
                         {"partition", Raw{std::int64_t{entry.partition.get()}}},
                         {"offset", Raw{entry.offset.get()}},
                         {"error", Raw{entry.error}},
                         {"since", Raw{core::format(entry.since)}}}};
}

Raw findings_raw(const std::vector<Finding>& findings) {
  Raw::Array rows;
  for (const Finding& finding : findings) {
    rows.push_back(Raw{Raw::Object{{"check", Raw{finding.check}},
                                   {"ok", Raw{finding.well}},
                                   {"message", Raw{finding.message}}}});
  }
  return Raw{std::move(rows)};
}

Finding check_disk(const std::filesystem::path& path) {
  std::error_code error;
  const auto space = std::filesystem::space(path, error);
  if (error) return {"disk", false, path.string() + ": " + error.message()};
  const std::string free = std::to_string(space.available / 1'000'000) + " MB free";
  if (space.available >= kFreeBytesWanted) return {"disk", true, free};
  return {"disk", false, free + "; make room: a full disk stops every command (nothing is lost)"};
}

Finding check_model(LiveModels& models, const projections::Projection& projection) {
  const std::string name{projection.name};
  const std::string check = "read model " + name;
  const auto view = models.view(name, {});
  if (!view) return {check, false, view.error().message};
  const auto store = read_models::SqliteStore::open(view.value().file, projection);
  const auto damages = store->integrity();
  if (!damages.empty()) {
    return {check,
            false,
            damages.front() + "; `kartei projection rebuild " + name + "` makes it again"};
  }
  const std::size_t quarantined = store->quarantined().size();
  if (quarantined > 0) {
    return {check,
            false,
            std::to_string(quarantined) + " patients in quarantine; see `kartei quarantine list`"};
  }
  return {check, true, "lag " + std::to_string(view.value().lag_events)};
}

}  // namespace

Outcome<Raw> Kartei::create_topics(std::int32_t partitions,
                                   const log_kafka::TopicSettings& topics) {
  create_log(parts_->surroundings, parts_->directory(), partitions, topics);
  const ports::LogIdentity identity = parts_->log().identity();
  if (identity.partitions != partitions) {
    return Failure{
        Problem{ProblemCode::log_mismatch,
                "the log has " + std::to_string(identity.partitions) +
                    " partitions, and that never changes; name another place for a log with " +
                    std::to_string(partitions)}};
  }
  return identity_raw(identity);
}

Raw Kartei::describe_topics() {
  const ports::Log& log = parts_->log();
  Raw described = identity_raw(log.identity());
  Raw::Array topics;
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    Raw::Array ends;
    for (const ports::Offset end : log.ends(topic)) ends.push_back(Raw{end.get()});
    topics.push_back(
        Raw{Raw::Object{{"topic", text(name(topic))}, {"ends", Raw{std::move(ends)}}}});
  }
  auto& object = std::get<Raw::Object>(described.value);
  for (auto& detail : parts_->home().details()) object.push_back(std::move(detail));
  object.emplace_back("topics", Raw{std::move(topics)});
  return described;
}

Raw Kartei::compact_topics() {
  parts_->directory().demand_held();
  Raw::Array rows;
  for (const ports::Topic topic : {ports::Topic::patient_events, ports::Topic::patient_history}) {
    const auto result = parts_->log().compact(topic);
    rows.push_back(Raw{Raw::Object{{"topic", text(name(topic))},
                                   {"kept", result ? Raw{result->kept} : Raw{Raw::Null{}}},
                                   {"removed", result ? Raw{result->removed} : Raw{Raw::Null{}}}}});
  }
  return Raw{std::move(rows)};
}

Outcome<Answered> Kartei::quarantine_list() {
  std::map<patient::PatientId, Raw> patients;
  std::int64_t lag = 0;
  for (const projections::Projection& projection : parts_->models().projections()) {
    const auto view = parts_->models().view(projection.name, {});
    if (!view) return Failure{view.error()};
    lag = std::max(lag, view.value().lag_events);
    const auto store = read_models::SqliteStore::open(view.value().file, projection);
    for (const projections::Quarantined& entry : store->quarantined()) {
      patients.emplace(entry.patient, quarantined_raw(entry));
    }
  }
  Raw::Array rows;
  for (auto& [id, row] : patients) rows.push_back(std::move(row));
  return Answered{Raw{std::move(rows)}, std::nullopt, lag};
}

Outcome<Answered> Kartei::quarantine_show(const patient::PatientId& id) {
  Raw::Array rows;
  std::int64_t lag = 0;
  for (const projections::Projection& projection : parts_->models().projections()) {
    const auto view = parts_->models().view(projection.name, {});
    if (!view) return Failure{view.error()};
    lag = std::max(lag, view.value().lag_events);
    const auto store = read_models::SqliteStore::open(view.value().file, projection);
    const auto entry = store->quarantined(id);
    if (!entry) continue;
    Raw row = quarantined_raw(*entry);
    std::get<Raw::Object>(row.value).emplace_back("projection", text(projection.name));
    rows.push_back(std::move(row));
  }
  if (rows.empty()) {
    return Failure{Problem{ProblemCode::not_found, "the patient is not in quarantine"}};
  }
  return Answered{Raw{std::move(rows)}, std::nullopt, lag};
}

Checked Kartei::doctor() {
  const DataDirectory& directory = parts_->directory();
  std::vector<Finding> findings{
      {"data directory",
       true,
       directory.path().string() +
           (directory.held() ? ", held by nobody else" : "; " + directory.holder())},
      check_disk(directory.path())};
  for (Finding& finding : examine_brokers(parts_->surroundings))
    findings.push_back(std::move(finding));
  const auto ill = [&] {
    return std::any_of(
        findings.begin(), findings.end(), [](const Finding& one) { return !one.well; });
  };
  try {
    for (Finding& finding : parts_->home().examine()) findings.push_back(std::move(finding));
    for (const projections::Projection& projection : parts_->models().projections())
      findings.push_back(check_model(parts_->models(), projection));
  } catch (const core::Broken& broken) {
    if (!parts_->surroundings.kafka || !ill()) throw;  // What was found is why it breaks.
  }
  return {findings_raw(findings), ill()};
}

}  // namespace infra::service
