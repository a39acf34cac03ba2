#include "infra/runtime/logging.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace infra::runtime {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};

spdlog::level::level_enum theirs(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

}  // namespace

std::string_view name(LogLevel level) { return kNames.at(static_cast<std::size_t>(level)); }

std::optional<LogLevel> parse_log_level(std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (lower == "warn") return LogLevel::warning;
  const auto* found = std::find(kNames.begin(), kNames.end(), lower);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kNames.begin());
}

struct Logger::Parts {
  explicit Parts(std::ostream& out)
      : logger("kartei", std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true)) {}
  spdlog::logger logger;
};

Logger::Logger(std::ostream& out, LogLevel level) : parts_(std::make_unique<Parts>(out)) {
  parts_->logger.set_pattern("kartei: %l: %v");
  parts_->logger.set_level(theirs(level));
}
Logger::~Logger() = default;

void Logger::debug(std::string_view line) { parts_->logger.debug("{}", line); }
void Logger::info(std::string_view line) { parts_->logger.info("{}", line); }
void Logger::warning(std::string_view line) { parts_->logger.warn("{}", line); }
void Logger::error(std::string_view line) { parts_->logger.error("{}", line); }

}  // namespace infra::runtime
