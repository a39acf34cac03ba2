#include "tests/ingest/memory_arrivals.h"

namespace tests {

using infra::ingest::Arrival;
using infra::ingest::Shelf;

void MemoryArrivals::put(const std::string& name, const std::string& bytes) {
  shelves_[Shelf::arrived].insert_or_assign(name, make(bytes));
}

void MemoryArrivals::list(Shelf shelf, const Sink& sink) {
  on_step();
  for (const auto& [name, file] : shelves_[shelf]) {
    if (!infra::ingest::is_document_name(name)) continue;
    sink({name,
          static_cast<std::int64_t>(file.bytes.size()),
          file.since,
          std::to_string(file.generation)});
  }
  on_step();
}

std::optional<std::string> MemoryArrivals::read(const Arrival& arrival) {
  on_step();
  if (!is_there(Shelf::arrived, arrival)) return std::nullopt;
  return shelves_[Shelf::arrived].at(arrival.name).bytes;
}

bool MemoryArrivals::accept(const Arrival& arrival) {
  on_step();
  if (!is_there(Shelf::arrived, arrival)) return false;
  int attempt = 1;
  while (shelves_[Shelf::processed].contains(infra::ingest::shelved_name(arrival.name, attempt)))
    ++attempt;
  move(arrival.name, Shelf::processed, infra::ingest::shelved_name(arrival.name, attempt));
  on_step();
  return true;
}

bool MemoryArrivals::reject(const Arrival& arrival, std::string_view reason) {
  on_step();
  if (!is_there(Shelf::arrived, arrival)) return false;
  Files& failed = shelves_[Shelf::failed];
  std::string name;
  for (int attempt = 1; name.empty(); ++attempt) {
    const auto one = infra::ingest::shelved_name(arrival.name, attempt);
    const bool free = !failed.contains(one) && !failed.contains(infra::ingest::reason_name(one));
    if (free) name = one;
  }
  failed.emplace(infra::ingest::reason_name(name), make(std::string{reason}));
  on_step();
  move(arrival.name, Shelf::failed, name);
  on_step();
  return true;
}

void MemoryArrivals::remove_processed(const Arrival& processed) {
  on_step();
  if (is_there(Shelf::processed, processed)) shelves_[Shelf::processed].erase(processed.name);
  on_step();
}

bool MemoryArrivals::is_there(Shelf shelf, const Arrival& arrival) {
  const auto found = shelves_[shelf].find(arrival.name);
  return found != shelves_[shelf].end() &&
         std::to_string(found->second.generation) == arrival.version;
}

// As a bucket does it: a copy, then the original goes.
void MemoryArrivals::move(const std::string& name, Shelf to, const std::string& as) {
  shelves_[to].emplace(as, make(shelves_[Shelf::arrived].at(name).bytes));
  on_step();
  shelves_[Shelf::arrived].erase(name);
}

}  // namespace tests
