#include "domain/core/match.h"
#include "infra/queries/contacts.h"
#include "infra/queries/patients.h"
#include "infra/service/parts.h"
#include "infra/sqlite/guarded_query.h"
#include "infra/sqlite/statement.h"

// Questions that are asked of one read model, most of them with `directory` beside it.
namespace infra::service {
namespace {

using core::Failure;
using core::Raw;

constexpr std::size_t kSqlRowsMax = 100'000;
constexpr std::chrono::seconds kSqlTimeMax{60};

// A read model with `directory` attached under that name.
struct Pair {
  View view;
  std::int64_t lag_events;
  sqlite::Connection connection;
};

Outcome<Pair> open_pair(LiveModels& models, std::string_view name, const Wait& wait) {
  auto directory = models.view("directory", wait);
  if (!directory) return Failure{directory.error()};
  auto view = models.view(name, wait);
  if (!view) return Failure{view.error()};
  sqlite::Connection connection{view.value().file, sqlite::Open::read_only};
  const std::string file = directory.value().file.string();
  sqlite::Statement attach{connection, "ATTACH ?1 AS directory"};
  attach.bind(1, file).run();
  const std::int64_t lag = std::max(view.value().lag_events, directory.value().lag_events);
  return Pair{std::move(view).value(), lag, std::move(connection)};
}

template <class Question>
Outcome<Answered> ask(LiveModels& models,
                      std::string_view name,
                      const Wait& wait,
                      const Question& question) {
  return models.healed({name, "directory"}, [&]() -> Outcome<Answered> {
    auto opened = open_pair(models, name, wait);
    if (!opened) return Failure{opened.error()};
    Pair pair = std::move(opened).value();
    Outcome<Raw> answer = question(pair.connection);
    if (!answer) return Failure{answer.error()};
    return Answered{std::move(answer).value(), token_of(pair.view), pair.lag_events};
  });
}

Raw to_raw(const sqlite::SqlCell& cell) {
  return core::match(
      cell,
      [](std::monostate) { return Raw{Raw::Null{}}; },
      [](std::int64_t number) { return Raw{number}; },
      [](double number) { return Raw{number}; },
      [](const std::string& text) { return Raw{text}; });
}

Raw to_raw(const sqlite::SqlTable& table) {
  Raw::Array columns;
  for (const std::string& column : table.columns) columns.push_back(Raw{column});
  Raw::Array rows;
  for (const auto& row : table.rows) {
    Raw::Array cells;
    for (const sqlite::SqlCell& cell : row) cells.push_back(to_raw(cell));
    rows.push_back(Raw{std::move(cells)});
  }
  return Raw{Raw::Object{{"columns", Raw{std::move(columns)}}, {"rows", Raw{std::move(rows)}}}};
}

}  // namespace

Outcome<Answered> Kartei::letzter_kontakt(const ContactFilter& filter, const Wait& wait) {
  return ask(parts_->models(), "letzter_kontakt", wait, [&](sqlite::Connection& connection) {
    return queries::letzter_kontakt(connection, {filter.before, filter.never, filter.limit});
  });
}

Outcome<Answered> Kartei::exclusions(const ExclusionFilter& filter, const Wait& wait) {
  return ask(parts_->models(), "exclusions", wait, [&](sqlite::Connection& connection) {
    return queries::exclusions(connection, {filter.patient, filter.therapist});
  });
}

Outcome<Answered> Kartei::status_durations(const Wait& wait) {
  return ask(parts_->models(), "status_history", wait, [&](sqlite::Connection& connection) {
    return queries::status_durations(connection, parts_->surroundings.clock.now());
  });
}

Outcome<Answered> Kartei::contacts(const patient::PatientId& id, const Wait& wait) {
  return ask(
      parts_->models(), "contacts", wait, [&](sqlite::Connection& connection) -> Outcome<Raw> {
        if (const auto why = queries::quarantine_error(connection, id)) {
          return Failure{Problem{ProblemCode::quarantined,
                                 "one of the patient's records cannot be read (" + *why +
                                     "); `kartei events repair ID` mends it"}};
        }
        if (!queries::on_file(connection, id)) {
          return Failure{Problem{ProblemCode::not_found, "there is no such patient"}};
        }
        return queries::contacts(connection, id);
      });
}

Outcome<Answered> Kartei::sql(std::string_view projection,
                              const std::string& query,
                              const Wait& wait) {
  return parts_->models().healed({projection}, [&]() -> Outcome<Answered> {
    const auto view = parts_->models().view(projection, wait);
    if (!view) return Failure{view.error()};
    const auto table = sqlite::guarded_query(view.value().file, query, {kSqlRowsMax, kSqlTimeMax});
    if (!table) {
      return Failure{Problem{ProblemCode::invalid,
                             table.error(),
                             {{"fields", Raw{Raw::Object{{"query", Raw{table.error()}}}}}}}};
    }
    return Answered{to_raw(table.value()), token_of(view.value()), view.value().lag_events};
  });
}

}  // namespace infra::service
