#include "infra/access/access_log.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "infra/codec/json.h"

namespace infra::access {
namespace {

using core::Raw;

constexpr std::array<std::string_view, 9> kMethods{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};

Raw text(std::string_view text) { return Raw{std::string{text}}; }
Raw text_or_null(std::string_view words) { return words.empty() ? Raw{Raw::Null{}} : text(words); }

// A client may call its method what it likes, a patient's name for instance.
std::string_view known_method(std::string_view method) {
  return std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end() ? "other" : method;
}

double milliseconds(std::chrono::nanoseconds duration) {
  constexpr double kMicrosecondsInOne = 1000;
  return static_cast<double>(std::chrono::round<std::chrono::microseconds>(duration).count()) /
         kMicrosecondsInOne;
}

}  // namespace

AccessLog::AccessLog(std::filesystem::path path, Trouble trouble)
    : file_(std::move(path), std::move(trouble)) {}

void AccessLog::record(const Exchange& exchange) {
  Raw::Object line;
  line.reserve(8);
  line.emplace_back("at", Raw{core::format(exchange.at)});
  line.emplace_back("method", text(known_method(exchange.method)));
  line.emplace_back("route", text_or_null(exchange.route));
  line.emplace_back("actor", text_or_null(exchange.actor));
  line.emplace_back("status", Raw{std::int64_t{exchange.status}});
  line.emplace_back("bytes", Raw{static_cast<std::int64_t>(exchange.bytes)});
  line.emplace_back("milliseconds", Raw{milliseconds(exchange.duration)});
  if (!exchange.remote.empty()) line.emplace_back("remote", text(exchange.remote));
  file_.add(codec::write_json(Raw{std::move(line)}));
}

ReadLog::ReadLog(std::filesystem::path path, Trouble trouble)
    : file_(std::move(path), std::move(trouble)) {}

void ReadLog::record(const Read& read) {
  Raw::Object line;
  line.reserve(5);
  line.emplace_back("at", Raw{core::format(read.at)});
  line.emplace_back("actor", text(read.actor));
  const auto number = read.patient.number();
  line.emplace_back("patient_id", number ? Raw{*number} : text(read.patient.text()));
  line.emplace_back("what", text(read.what));
  if (!read.correlation_id.empty()) {
    line.emplace_back("correlation_id", text(read.correlation_id));
  }
  file_.add(codec::write_json(Raw{std::move(line)}));
}

}  // namespace infra::access
