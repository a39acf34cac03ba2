#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "domain/patient/keys.h"
#include "domain/patient/state.h"
#include "infra/codec/json.h"
#include "infra/rest/answers.h"
#include "infra/rest/documents.h"
#include "infra/rest/routes.h"

// The OpenAPI document and the program say the same.
namespace {

using core::Raw;
using infra::rest::Route;
using infra::service::ProblemCode;
using Names = std::set<std::string>;
using patient::Access;
using patient::Kind;

const Raw& document() {
  static const Raw document = infra::codec::read_json(infra::rest::kOpenApi).value();
  return document;
}

// What stands at `names`, one below the other; null when nothing does.
const Raw& at(const Raw& from, std::initializer_list<std::string_view> names) {
  const Raw* found = &from;
  for (const std::string_view name : names) found = &infra::rest::member(*found, name);
  return *found;
}

std::string text(const Raw& raw) {
  const auto* string = raw.as<std::string>();
  return string == nullptr ? std::string{} : *string;
}

Names keys_of(const Raw& object) {
  Names names;
  for (const auto& [key, value] : *object.as<Raw::Object>()) names.insert(key);
  return names;
}

Names texts_of(const Raw& array) {
  Names names;
  const auto* elements = array.as<Raw::Array>();
  if (elements == nullptr) return names;
  for (const Raw& element : *elements) names.insert(element.is_null() ? "null" : text(element));
  return names;
}

const Raw& resolved(const Raw& thing) {
  const std::string ref = text(at(thing, {"$ref"}));
  if (ref.empty()) return thing;
  const Raw* found = &document();
  for (std::size_t begin = 2; begin < ref.size();) {
    const std::size_t end = std::min(ref.find('/', begin), ref.size());
    found = &infra::rest::member(*found, std::string_view{ref}.substr(begin, end - begin));
    begin = end + 1;
  }
  return *found;
}

std::string name_of(const Route& route) {
  return std::string{route.method} + ' ' + std::string{route.pattern};
}

const Raw& operation_of(const Route& route) {
  std::string method{route.method};
  std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return at(document(), {"paths", route.pattern, method});
}

Names statuses_of(const Route& route) { return keys_of(at(operation_of(route), {"responses"})); }

bool is_command(const Route& route) { return route.needs == infra::access::Role::clerk; }

void expect_holds(const Names& all, std::initializer_list<int> statuses) {
  for (const int status : statuses) EXPECT_TRUE(all.contains(std::to_string(status))) << status;
}

std::vector<ProblemCode> all_codes() {
  std::vector<ProblemCode> codes;
  for (int code = 0; code <= static_cast<int>(ProblemCode::outcome_unknown); ++code)
    codes.push_back(static_cast<ProblemCode>(code));
  return codes;
}

// Every reference that stands anywhere in `raw`.
void collect_references(const Raw& raw, Names& references) {
  if (const auto* object = raw.as<Raw::Object>()) {
    for (const auto& [key, value] : *object) {
      if (key == "$ref") references.insert(text(value));
      collect_references(value, references);
    }
  } else if (const auto* array = raw.as<Raw::Array>()) {
    for (const Raw& element : *array) collect_references(element, references);
  }
}

TEST(Contract, DocumentsEveryRouteAndNothingElse) {
  Names routes;
  for (const Route& route : infra::rest::all_routes()) routes.insert(name_of(route));
  Names documented;
  for (const auto& [path, item] : *at(document(), {"paths"}).as<Raw::Object>()) {
    for (std::string method : keys_of(item)) {
      if (method == "parameters") continue;
      std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
      });
      documented.insert(method + ' ' + path);
    }
  }
  EXPECT_EQ(documented, routes);
}

TEST(Contract, DocumentsWhatEveryPathNames) {
  for (const Route& route : infra::rest::all_routes()) {
    SCOPED_TRACE(name_of(route));
    Names named;
    for (std::size_t begin = 0; (begin = route.pattern.find('{', begin)) != std::string::npos;) {
      const std::size_t end = route.pattern.find('}', begin);
      named.emplace(route.pattern.substr(begin + 1, end - begin - 1));
      begin = end;
    }
    Names documented;
    const auto collect = [&](const Raw& parameters) {
      if (parameters.is_null()) return;
      for (const Raw& one : *parameters.as<Raw::Array>()) {
        if (text(at(resolved(one), {"in"})) == "path")
          documented.insert(text(at(resolved(one), {"name"})));
      }
    };
    collect(at(document(), {"paths", route.pattern, "parameters"}));
    collect(at(operation_of(route), {"parameters"}));
    EXPECT_EQ(documented, named);
  }
}

TEST(Contract, DocumentsEveryStatusThatARouteCanAnswer) {
  for (const Route& route : infra::rest::all_routes()) {
    SCOPED_TRACE(name_of(route));
    const Names statuses = statuses_of(route);
    const bool creates = name_of(route) == "POST /api/patients";
    const bool shows = name_of(route) == "GET /api/patients/{id}";
    const bool answers_itself = route.pattern.starts_with("/api/") == false;
    const bool streams = route.pattern == "/api/events" || route.pattern.ends_with("/rebuild");
    expect_holds(statuses, {400, 500, 503});
    expect_holds(statuses, {creates ? 201 : 200});
    EXPECT_EQ(statuses.contains("304"), shows);
    for (const char* status : {"401", "403"})
      EXPECT_EQ(statuses.contains(status), route.needs.has_value()) << status;
    const bool has_body = !at(operation_of(route), {"requestBody"}).is_null();
    EXPECT_EQ(statuses.contains("413"), has_body);
    EXPECT_EQ(statuses.contains("415"), has_body);
    if (is_command(route)) {
      for (const ProblemCode code : all_codes()) {
        // Whoever is created need not be there.
        const bool occurs = !creates || code != ProblemCode::not_found;
        const std::string status = std::to_string(infra::rest::status_of(code));
        EXPECT_EQ(statuses.contains(status), occurs) << status;
      }
      EXPECT_EQ(has_body, route.method != "DELETE");
    } else if (route.pattern.find("{id}") != std::string::npos) {
      expect_holds(statuses, {404, 409, 504});
    } else if (!answers_itself && !streams && route.needs == infra::access::Role::reader) {
      expect_holds(statuses, {504});
    }
  }
}

TEST(Contract, DescribesEveryProblemAsAProblemDocument) {
  for (const auto& [name, response] :
       *at(document(), {"components", "responses"}).as<Raw::Object>()) {
    EXPECT_EQ(text(at(response, {"content", "application/problem+json", "schema", "$ref"})),
              "#/components/schemas/Problem")
        << name;
  }
  Names known{"busy", "unauthorized", "forbidden", "method_not_allowed", "unsupported_media_type"};
  for (const ProblemCode code : all_codes()) known.emplace(name(code));
  const Raw& codes = at(document(), {"components", "schemas", "Problem", "properties", "code"});
  EXPECT_EQ(texts_of(at(codes, {"enum"})), known);
}

TEST(Contract, TellsAStrangerWhatEveryOperationIs) {
  Names ids;
  for (const Route& route : infra::rest::all_routes()) {
    SCOPED_TRACE(name_of(route));
    const Raw& operation = operation_of(route);
    EXPECT_FALSE(text(at(operation, {"summary"})).empty());
    EXPECT_FALSE(text(at(operation, {"description"})).empty());
    EXPECT_EQ(texts_of(at(operation, {"tags"})).size(), 1U);
    EXPECT_TRUE(ids.insert(text(at(operation, {"operationId"}))).second);
    EXPECT_EQ(at(operation, {"security"}).as<Raw::Array>()->empty(), !route.needs);
    if (route.needs) {
      const std::string role = "Takes the role " + std::string{name(*route.needs)} + '.';
      EXPECT_NE(text(at(operation, {"description"})).find(role), std::string::npos);
    }
  }
}

TEST(Contract, EveryReferenceLeadsSomewhereAndEveryPartIsReferredTo) {
  Names references;
  collect_references(document(), references);
  Names parts;
  for (const auto& [kind, all] : *at(document(), {"components"}).as<Raw::Object>()) {
    if (kind == "securitySchemes") continue;
    for (const std::string& part : keys_of(all)) parts.insert("#/components/" + kind + '/' + part);
  }
  EXPECT_EQ(references, parts);
}

TEST(Contract, HasThe36KeysOfAPatientWithTheirLimits) {
  const Raw& schemas = at(document(), {"components", "schemas"});
  Names all;
  Names required;
  for (const patient::KeyInfo& key : patient::all_keys()) {
    SCOPED_TRACE(key.name);
    all.emplace(key.name);
    if (key.access == Access::required) required.emplace(key.name);
    for (const char* form : {"Patient", "PatientCreate", "PatientUpdate"}) {
      SCOPED_TRACE(form);
      const Raw& schema = at(schemas, {form, "properties", key.name});
      EXPECT_FALSE(text(at(schema, {"description"})).empty());
      if (key.access == Access::derived) continue;
      Names choices = texts_of(at(schema, {"enum"}));
      choices.erase("null");
      const auto known = key.kind == Kind::choice ? key.choices : decltype(key.choices){};
      EXPECT_EQ(choices, Names(known.begin(), known.end()));
      const auto* limit = at(schema, {"maxLength"}).as<std::int64_t>();
      const bool limited = key.kind == Kind::text && key.limit > 0;
      EXPECT_EQ(limit == nullptr ? 0 : *limit,
                limited ? static_cast<std::int64_t>(key.limit) : std::int64_t{0});
      EXPECT_TRUE(key.access != Access::optional || !at(schema, {"anyOf"}).is_null() ||
                  texts_of(at(schema, {"type"})).contains("null"));
    }
  }
  EXPECT_EQ(keys_of(at(schemas, {"Patient", "properties"})), all);
  EXPECT_EQ(keys_of(at(schemas, {"PatientCreate", "properties"})), all);
  EXPECT_EQ(keys_of(at(schemas, {"PatientUpdate", "properties"})), all);
  EXPECT_EQ(texts_of(at(schemas, {"Patient", "required"})), all);
  EXPECT_EQ(texts_of(at(schemas, {"PatientCreate", "required"})), required);
  const auto& symptoms = patient::info(patient::Key::symptome).choices;
  EXPECT_EQ(texts_of(at(schemas, {"Symptoms", "items", "enum"})),
            Names(symptoms.begin(), symptoms.end()));
  Names statuses;
  for (std::size_t status = 0; status < patient::kStatusCount; ++status)
    statuses.emplace(name(static_cast<patient::Status>(status)));
  EXPECT_EQ(texts_of(at(schemas, {"Status", "enum"})), statuses);
}

TEST(Contract, ThePageForPeopleNeedsNothingFromElsewhere) {
  for (const char* outside : {"http://", "https://", "<link", " src=", "import "})
    EXPECT_EQ(infra::rest::kReadable.find(outside), std::string::npos) << outside;
}

}  // namespace
