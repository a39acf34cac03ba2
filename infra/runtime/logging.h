#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string_view>

namespace infra::runtime {

enum class LogLevel { debug, info, warning, error, off };
[[nodiscard]] std::string_view name(LogLevel level);
// Upper or lower case, `warn` as well as `warning`; anything else is no level.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text);

// One line for each decision that an operator may ask about: identifiers and places, never names,
// addresses or field values. Lines carry no time of their own: whatever collects them (journald, a
// container's runtime) adds one. May be used by several threads.
class Logger {
 public:
  // `out` must outlive the logger.
  Logger(std::ostream& out, LogLevel level);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void debug(std::string_view line);
  void info(std::string_view line);
  void warning(std::string_view line);
  void error(std::string_view line);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::runtime
