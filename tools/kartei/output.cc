#include "tools/kartei/output.h"

#include <ostream>
#include <utility>

#include "domain/core/text.h"
#include "infra/codec/json.h"
#include "tools/kartei/present.h"
#include "tools/kartei/table.h"

namespace kartei {

using core::Raw;
using infra::service::Problem;

int Output::say(const Answer& answer) {
  if (answer.was_said) return finish(answer.exit_status);
  if (json_) {
    Raw::Object document{{"ok", Raw{true}}, {"data", answer.data}};
    if (answer.position) document.emplace_back("position", Raw{*answer.position});
    if (answer.lag_events) document.emplace_back("lag_events", Raw{*answer.lag_events});
    write(std::move(document));
    return finish(answer.exit_status);
  }
  out_ << answer.for_people(answer.data);
  if (answer.lag_events && *answer.lag_events > 0) {
    out_.flush();
    err_ << "kartei: this answer has not seen the last "
         << counted(*answer.lag_events, "record", "records") << " of the log\n";
  }
  return finish(answer.exit_status);
}

int Output::say(const Problem& problem) {
  const int status = exit_status_of(problem.code);
  const std::string code{infra::service::name(problem.code)};
  if (json_) {
    write({{"ok", Raw{false}},
           {"error",
            Raw{Raw::Object{{"code", Raw{code}},
                            {"message", Raw{problem.message}},
                            {"details", Raw{problem.details}}}}}});
    return finish(status);
  }
  err_ << "kartei: " << code << ": " << printable(problem.message) << '\n';
  for (const auto& [name, value] : problem.details) {
    if (const auto* fields = value.as<Raw::Object>()) {
      for (const auto& [key, why] : *fields) {
        err_ << "  " << printable(key) << ": " << printable(cell(why)) << '\n';
      }
    } else {
      err_ << "  " << printable(name) << ": " << printable(cell(value)) << '\n';
    }
  }
  return finish(status);
}

int Output::say_help(const std::string& text) {
  if (json_) {
    write({{"ok", Raw{true}}, {"data", Raw{Raw::Object{{"help", Raw{text}}}}}});
  } else {
    out_ << text;
  }
  return finish(kExitDone);
}

void Output::write(Raw::Object document) {
  std::string json = infra::codec::write_json(Raw{std::move(document)});
  // Words of the command line and names of files may be any bytes; JSON is always UTF-8.
  if (!core::count_characters(json)) json = printable(json);
  out_ << json << '\n';
}

int Output::finish(int exit_status) {
  out_.flush();
  if (out_) return exit_status;
  err_ << "kartei: io: the answer could not be written to standard output\n";
  return kExitDefect;
}

}  // namespace kartei
