#include "tools/kartei/set_option.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/patient/keys.h"
#include "infra/codec/json.h"
#include "tools/kartei/answer.h"

namespace kartei {
namespace {

using core::Raw;

bool stands_as_text(std::string_view name) {
  const auto key = patient::find_key(name);
  if (!key) return true;
  switch (patient::info(*key).kind) {
    case patient::Kind::identity:
    case patient::Kind::text:
    case patient::Kind::choice:
    case patient::Kind::date:
    case patient::Kind::status: return true;
    case patient::Kind::flag:
    case patient::Kind::symptoms:
    case patient::Kind::availability:
    case patient::Kind::radius:
    case patient::Kind::therapists: return false;
  }
  return true;
}

std::string place(const infra::codec::JsonError& error) {
  return "line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " +
         error.message;
}

void put(Raw::Object& document, const std::string& name, Raw value) {
  const auto found = std::find_if(
      document.begin(), document.end(), [&](const auto& one) { return one.first == name; });
  if (found == document.end()) {
    document.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

}  // namespace

Raw::Object object_of(std::string_view bytes) {
  auto document = infra::codec::read_json(bytes);
  if (!document) {
    throw Declined{infra::service::Problem{infra::service::ProblemCode::invalid,
                                           "the input is no JSON: " + place(document.error())}};
  }
  const auto* object = document.value().as<Raw::Object>();
  if (object == nullptr) {
    throw Declined{infra::service::Problem{infra::service::ProblemCode::invalid,
                                           "the input is no JSON object"}};
  }
  return *object;
}

void apply_sets(const std::vector<std::string>& sets, Raw::Object& document) {
  std::set<std::string> seen;
  std::map<std::string, std::string> wrong;
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == 0 || equals == std::string::npos) decline_usage("--set takes KEY=VALUE");
    const std::string name = set.substr(0, equals);
    const std::string value = set.substr(equals + 1);
    if (!seen.insert(name).second) decline_usage("--set names a key twice");
    if (stands_as_text(name)) {
      put(document, name, value == "null" ? Raw{Raw::Null{}} : Raw{value});
      continue;
    }
    auto parsed = infra::codec::read_json(value);
    if (parsed) {
      put(document, name, std::move(parsed).value());
    } else {
      wrong.emplace(name, "must be JSON; " + place(parsed.error()));
    }
  }
  if (wrong.empty()) return;
  throw Declined{infra::service::problem_of(patient::Refusal{
      patient::RefusalCode::invalid, "some values are no JSON", wrong, std::nullopt})};
}

}  // namespace kartei
