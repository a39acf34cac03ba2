#include "tests/rest/service.h"

#include "infra/codec/json.h"

namespace testing_rest {

using core::Raw;

void Service::start(kartei::ServeOptions options) {
  serving.reset();
  options.listen = {"127.0.0.1", 0};
  serving = std::make_unique<kartei::Serving>(
      infra::service::Surroundings{
          folder.path() / "data",
          clock,
          ids,
          [this](std::string_view notice) { notices.emplace_back(notice); },
          [](const infra::service::Progress&) {}},
      std::move(options));
}

Answer Service::ask(const std::string& first_line,
                    const std::string& body,
                    const std::string& headers) const {
  const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
  testing_http::Peer peer{serving->port()};
  EXPECT_TRUE(peer.send(testing_http::request(first_line, type + headers, body)));
  return peer.answer(first_line.starts_with("HEAD "));
}

Raw Service::document(const Answer& answer) {
  auto document = infra::codec::read_json(answer.body);
  EXPECT_TRUE(document) << answer.status << ' ' << answer.body;
  return document ? std::move(document).value() : Raw{Raw::Null{}};
}

std::string Service::at(const Answer& answer, const std::string& path) {
  Raw raw = document(answer);
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    const Raw* found = nullptr;
    if (const auto* object = raw.as<Raw::Object>()) {
      for (const auto& [key, value] : *object) found = key == name ? &value : found;
    } else if (const auto* array = raw.as<Raw::Array>()) {
      const auto index = static_cast<std::size_t>(std::stoul(name));
      found = index < array->size() ? &(*array)[index] : nullptr;
    }
    if (found == nullptr) return "";
    raw = Raw{*found};
    begin = end + 1;
  }
  return infra::codec::write_json(raw);
}

std::string Service::create(const std::string& more) {
  const Answer answer = ask("POST /api/patients",
                            R"({"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada",)"
                            R"("nachname":"Probe")" +
                                more + '}');
  EXPECT_EQ(answer.status, 201) << answer.body;
  const std::string id = at(answer, "id");
  EXPECT_EQ(ask("GET /api/patients/" + id, "", waiting_for(answer)).status, 200);
  return id;
}

std::string Service::waiting_for(const Answer& answer) {
  return "Kartei-Wait-For: " + answer.header("kartei-position") + "\r\n";
}

std::string Service::events_until(const std::string& mark) const {
  testing_http::Peer peer{serving->port()};
  EXPECT_TRUE(peer.send(testing_http::request("GET /api/events?from=beginning")));
  return peer.read_until(mark);
}

}  // namespace testing_rest
