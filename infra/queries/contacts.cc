#include "infra/queries/contacts.h"

#include <algorithm>
#include <array>
#include <vector>

#include "infra/queries/cells.h"
#include "infra/sqlite/statement.h"

namespace infra::queries {

using core::Raw;
using sqlite::Statement;

Raw letzter_kontakt(sqlite::Connection& store, const ContactFilter& filter) {
  std::string sql =
      "SELECT k.patient_id, d.vorname, d.nachname, k.letzter_kontakt, k.channel, k.source"
      " FROM letzter_kontakt k JOIN directory.directory d ON d.patient_id = k.patient_id WHERE 1";
  if (filter.never) sql += " AND k.letzter_kontakt IS NULL";
  if (filter.before) sql += " AND k.letzter_kontakt < ?1";
  sql += " ORDER BY k.letzter_kontakt, k.number, k.patient_id LIMIT ?2";
  Statement select{store, sql};
  const std::string before = filter.before ? core::format(*filter.before) : std::string{};
  if (filter.before) select.bind(1, before);
  select.bind(2, filter.limit.value_or(-1));
  Raw::Array patients;
  while (select.step()) {
    patients.push_back(Raw{Raw::Object{{"patient_id", id_cell(select.bytes(0))},
                                       {"vorname", text_cell(select, 1)},
                                       {"nachname", text_cell(select, 2)},
                                       {"letzter_kontakt", text_cell(select, 3)},
                                       {"channel", text_cell(select, 4)},
                                       {"source", text_cell(select, 5)}}});
  }
  return Raw{std::move(patients)};
}

Raw exclusions(sqlite::Connection& store, const ExclusionFilter& filter) {
  std::string sql = "SELECT patient_id, therapist_id, reason, since FROM exclusions WHERE 1";
  if (filter.patient) sql += " AND patient_id = ?1";
  if (filter.therapist) sql += " AND therapist_id = ?2";
  // The shorter of two canonical numbers is the smaller one.
  sql += " ORDER BY length(patient_id), patient_id, therapist_id";
  Statement select{store, sql};
  if (filter.patient) select.bind(1, filter.patient->text());
  if (filter.therapist) select.bind(2, filter.therapist->get());
  Raw::Array all;
  while (select.step()) {
    all.push_back(Raw{Raw::Object{{"patient_id", id_cell(select.bytes(0))},
                                  {"therapist_id", Raw{select.integer(1)}},
                                  {"reason", text_cell(select, 2)},
                                  {"since", text_cell(select, 3)}}});
  }
  return Raw{std::move(all)};
}

Raw contacts(sqlite::Connection& store, const patient::PatientId& id) {
  Statement select{store,
                   "SELECT source, at, channel, direction, therapist_id FROM contacts"
                   " WHERE patient_id = ?1 ORDER BY at_micros DESC, sequence DESC"};
  select.bind(1, id.text());
  Raw::Array all;
  while (select.step()) {
    Raw therapist = select.is_null(4) ? Raw{Raw::Null{}} : Raw{select.integer(4)};
    all.push_back(Raw{Raw::Object{{"source", text_cell(select, 0)},
                                  {"at", text_cell(select, 1)},
                                  {"channel", text_cell(select, 2)},
                                  {"direction", text_cell(select, 3)},
                                  {"therapist_id", std::move(therapist)}}});
  }
  return Raw{std::move(all)};
}

namespace {

struct Stays {
  std::vector<double> days;
  std::vector<std::string> patients;  // ascending, as the query orders them
};

double days_between(core::Timestamp from, core::Timestamp to) {
  return std::chrono::duration<double, std::ratio<86400>>(to - from).count();
}

// Rounded to a tenth: what a person can use, and the same on every machine.
Raw tenths(double days) {
  return Raw{static_cast<double>(static_cast<std::int64_t>(days * 10 + 0.5)) / 10};
}

Raw summary(std::string_view status, Stays& stays) {
  auto& days = stays.days;
  std::sort(days.begin(), days.end());
  stays.patients.erase(std::unique(stays.patients.begin(), stays.patients.end()),
                       stays.patients.end());
  Raw median{Raw::Null{}};
  Raw longest{Raw::Null{}};
  if (!days.empty()) {
    const std::size_t half = days.size() / 2;
    median = tenths(days.size() % 2 == 1 ? days[half] : (days[half - 1] + days[half]) / 2);
    longest = tenths(days.back());
  }
  return Raw{Raw::Object{{"status", Raw{std::string{status}}},
                         {"patients", Raw{static_cast<std::int64_t>(stays.patients.size())}},
                         {"days_median", std::move(median)},
                         {"days_max", std::move(longest)}}};
}

}  // namespace

Raw status_durations(sqlite::Connection& store, core::Timestamp now) {
  std::array<Stays, patient::kStatusCount> stays;
  Statement select{
      store,
      "SELECT h.patient_id, h.status, h.since,"
      " lead(h.since) OVER (PARTITION BY h.patient_id ORDER BY h.sequence)"
      " FROM status_history h JOIN directory.directory d ON d.patient_id = h.patient_id"
      " ORDER BY h.patient_id, h.sequence"};
  while (select.step()) {
    const auto status = patient::parse_status(select.bytes(1));
    const auto since = core::parse_timestamp(select.bytes(2));
    if (!status || !since) continue;
    const auto until =
        select.is_null(3) ? std::optional{now} : core::parse_timestamp(select.bytes(3));
    Stays& stay = stays[static_cast<std::size_t>(*status)];
    stay.days.push_back(std::max(0.0, days_between(*since, until.value_or(now))));
    stay.patients.emplace_back(select.bytes(0));
  }
  Raw::Array all;
  for (std::size_t at = 0; at < stays.size(); ++at) {
    all.push_back(summary(name(static_cast<patient::Status>(at)), stays[at]));
  }
  return Raw{std::move(all)};
}

}  // namespace infra::queries
