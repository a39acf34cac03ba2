#include <algorithm>

#include "infra/read_models/files.h"
#include "infra/service/comparison.h"
#include "infra/service/parts.h"

// The read models themselves: how they stand, making them again, comparing them.
namespace infra::service {
namespace {

using core::Failure;
using core::Raw;
using projections::Projection;
using read_models::SqliteStore;
using read_models::Standing;

Raw text(std::string_view value) { return Raw{std::string{value}}; }

struct Lag {
  std::int64_t events = 0;
  std::int64_t seconds = 0;
};

// What the log has beyond a checkpoint, counted, and how old the oldest of it is.
Lag lag_of(const ports::Log& log,
           ports::Topic topic,
           const projections::Checkpoint& checkpoint,
           core::Timestamp now) {
  std::vector<ports::Start> starts;
  for (const auto& partition : checkpoint.partitions) {
    starts.push_back({ports::Partition{static_cast<std::int32_t>(starts.size())}, partition.next});
  }
  Lag lag;
  core::Timestamp oldest = now;
  const auto reader = log.open_reader(topic, starts);
  const auto count = [&](const ports::Record& record) {
    if (ports::is_reserved(record.key)) return;
    ++lag.events;
    oldest = std::min(oldest, record.appended_at);
  };
  while (reader->poll(10'000, count) > 0) {
  }
  if (lag.events > 0)
    lag.seconds = std::chrono::duration_cast<std::chrono::seconds>(now - oldest).count();
  return lag;
}

Raw listed(const Projection& projection, Raw generation, std::string_view state) {
  return Raw{Raw::Object{{"name", text(projection.name)},
                         {"kind", text(projection.of_state() ? "state" : "history")},
                         {"version", Raw{std::int64_t{projection.version}}},
                         {"generation", std::move(generation)},
                         {"state", text(state)}}};
}

void add_numbers(Raw& row, Raw rows, Raw lag_events, Raw lag_seconds, Raw quarantined) {
  auto& object = std::get<Raw::Object>(row.value);
  object.emplace_back("rows", std::move(rows));
  object.emplace_back("lag_events", std::move(lag_events));
  object.emplace_back("lag_seconds", std::move(lag_seconds));
  object.emplace_back("quarantined", std::move(quarantined));
}

Raw unreadable(const Projection& projection, Raw generation, std::string_view state) {
  Raw row = listed(projection, std::move(generation), state);
  const Raw nothing{Raw::Null{}};
  add_numbers(row, nothing, nothing, nothing, nothing);
  return row;
}

Raw generation_row(const ports::Log& log,
                   const Projection& projection,
                   const read_models::Generation& generation,
                   core::Timestamp now) {
  if (generation.version != projection.version) {
    return unreadable(projection, Raw{generation.number}, "other version");
  }
  try {
    const auto store = SqliteStore::open(generation.file, projection);
    const Lag lag = lag_of(log, projection.topic(), store->checkpoint(), now);
    Raw row = listed(projection, Raw{generation.number}, read_models::name(generation.standing));
    add_numbers(row,
                Raw{store->row_count()},
                Raw{lag.events},
                Raw{lag.seconds},
                Raw{static_cast<std::int64_t>(store->quarantined().size())});
    return row;
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::corrupt) throw;
    return unreadable(projection, Raw{generation.number}, "damaged");
  }
}

Raw changed_generation(const std::string& name, const read_models::Catalog& catalog) {
  const auto live = catalog.find(name, Standing::live);
  return Raw{Raw::Object{{"name", Raw{name}},
                         {"generation", live ? Raw{live->number} : Raw{Raw::Null{}}}}};
}

// A log that was put in the place of another must not take over its read models.
void expect_same_log(const ports::Log& log,
                     const Projection& projection,
                     const read_models::Catalog& catalog) {
  const auto live = catalog.find(projection.name, Standing::live);
  if (!live || live->version != projection.version) return;
  try {
    const auto store = SqliteStore::open(live->file, projection);
    projections::expect_same_log(log, projection.topic(), store->checkpoint());
  } catch (const core::Broken& broken) {
    if (broken.kind() != core::Breakage::corrupt) throw;  // Damage is why one rebuilds.
  }
}

Problem no_shadow(const std::string& name) {
  return {ProblemCode::not_found,
          "there is no shadow of " + name + "; `kartei projection rebuild " + name +
              " --no-cutover` makes one"};
}

}  // namespace

Raw Kartei::projections() {
  Raw::Array rows;
  LiveModels& models = parts_->models();
  const bool any = parts_->directory().held() || std::filesystem::exists(models.folder());
  const auto generations = any ? models.catalog().list() : std::vector<read_models::Generation>{};
  for (const Projection& projection : models.projections()) {
    bool live = false;
    for (const read_models::Generation& generation : generations) {
      if (generation.projection != projection.name) continue;
      live = live || generation.standing == Standing::live;
      rows.push_back(
          generation_row(parts_->log(), projection, generation, parts_->surroundings.clock.now()));
    }
    if (!live) rows.push_back(unreadable(projection, Raw{Raw::Null{}}, "not built yet"));
  }
  return Raw{std::move(rows)};
}

Outcome<Raw> Kartei::rebuild(const std::vector<std::string>& names, bool cut_over) {
  const auto chosen = parts_->choose(names);
  if (!chosen) return Failure{chosen.error()};
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  LiveModels& models = parts_->models();
  for (const Projection* projection : chosen.value()) {
    expect_same_log(parts_->log(), *projection, models.catalog());
    models.close(projection->name);
  }
  std::vector<std::string> faults;
  Raw::Array rows;
  const auto rebuild = [&] { return parts_->rebuilding().run(chosen.value()); };
  for (const Rebuilding::Result& result : parts_->aside(rebuild)) {
    const std::string name{result.projection->name};
    const bool goes_live = cut_over && result.faults.empty();
    for (const std::string& fault : result.faults) faults.push_back(name + ": " + fault);
    if (goes_live) {
      if (!models.catalog().cut_over(name)) changed_by_others(name);
      parts_->generation_changed(name);
    }
    const double rate =
        result.seconds > 0 ? static_cast<double>(result.events) / result.seconds : 0;
    rows.push_back(Raw{Raw::Object{{"name", Raw{name}},
                                   {"generation", Raw{result.generation}},
                                   {"events", Raw{result.events}},
                                   {"rows", Raw{result.rows}},
                                   {"seconds", Raw{result.seconds}},
                                   {"events_per_second", Raw{static_cast<std::int64_t>(rate)}},
                                   {"cutover", Raw{goes_live}}}});
  }
  for (const std::string& fault : faults) parts_->surroundings.notice("not cut over: " + fault);
  return Raw{std::move(rows)};
}

Outcome<Checked> Kartei::verify(const std::vector<std::string>& names) {
  const auto chosen = parts_->choose(names);
  if (!chosen) return Failure{chosen.error()};
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  Checked checked;
  Raw::Array rows;
  for (const Projection* projection : chosen.value()) {
    const std::filesystem::path file =
        parts_->models().folder() / (std::string{projection->name} + ".verify.db");
    const read_models::TemporaryDatabase goes_again{file};
    const auto comparison = parts_->aside([&] {
      const auto rebuilt = parts_->rebuilding().build_beside(*projection, file);
      return compare_with_live(*parts_, *projection, *rebuilt);
    });
    if (!comparison) return Failure{comparison.error()};
    checked.found = checked.found || comparison.value().drifted > 0;
    rows.push_back(to_raw(projection->name, comparison.value()));
  }
  checked.data = Raw{std::move(rows)};
  return checked;
}

Outcome<Checked> Kartei::preview(const std::string& name) {
  const auto chosen = parts_->choose({name});
  if (!chosen) return Failure{chosen.error()};
  const Projection& projection = *chosen.value().front();
  read_models::Catalog& catalog = parts_->models().catalog();
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  if (!catalog.find(name, Standing::shadow)) return Failure{no_shadow(name)};
  const auto comparison = parts_->aside([&] {
    static_cast<void>(parts_->rebuilding().run({&projection}));  // To the head, as the live one is.
    const auto shadow = SqliteStore::open(catalog.find(name, Standing::shadow)->file, projection);
    return compare_with_live(*parts_, projection, *shadow);
  });
  if (!comparison) return Failure{comparison.error()};
  return Checked{to_raw(name, comparison.value()), false};  // A difference is what one looks for.
}

Outcome<Raw> Kartei::cut_over(const std::string& name) {
  const auto chosen = parts_->choose({name});
  if (!chosen) return Failure{chosen.error()};
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  if (!parts_->models().catalog().find(name, Standing::shadow)) return Failure{no_shadow(name)};
  parts_->models().close(name);
  const auto results = parts_->aside([&] { return parts_->rebuilding().run(chosen.value()); });
  if (!results.front().faults.empty()) {
    return Failure{
        Problem{ProblemCode::invalid, "not cut over: " + results.front().faults.front()}};
  }
  if (!parts_->models().catalog().cut_over(name)) changed_by_others(name);
  parts_->generation_changed(name);
  return changed_generation(name, parts_->models().catalog());
}

Outcome<Raw> Kartei::roll_back(const std::string& name) {
  const auto chosen = parts_->choose({name});
  if (!chosen) return Failure{chosen.error()};
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  parts_->models().close(name);
  if (!parts_->models().catalog().roll_back(name)) {
    return Failure{Problem{ProblemCode::not_found,
                           "there is no earlier generation of " + name + " to go back to"}};
  }
  parts_->generation_changed(name);
  return changed_generation(name, parts_->models().catalog());
}

Outcome<Raw> Kartei::discard(const std::string& name) {
  const auto chosen = parts_->choose({name});
  if (!chosen) return Failure{chosen.error()};
  parts_->directory().demand_held();
  const auto alone = parts_->alone_with_generations();
  read_models::Catalog& catalog = parts_->models().catalog();
  Raw::Array discarded;
  for (const Standing standing : {Standing::shadow, Standing::previous}) {
    if (catalog.discard(name, standing)) discarded.push_back(text(read_models::name(standing)));
  }
  if (discarded.empty()) {
    return Failure{Problem{ProblemCode::not_found,
                           "there is nothing of " + name + " to discard but the live one"}};
  }
  return Raw{Raw::Object{{"name", Raw{name}}, {"discarded", Raw{std::move(discarded)}}}};
}

}  // namespace infra::service
