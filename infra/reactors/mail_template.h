#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/core/result.h"
#include "domain/patient/events.h"

namespace infra::reactors {

// What the communication service is asked to send (DOMAIN.md, 3). Personal: it goes nowhere else.
struct Mail {
  std::string patient_id;
  std::string subject;   // one line
  std::string markdown;  // the text
  std::string to_address;
  std::string to_name;  // may be empty
  friend bool operator==(const Mail&, const Mail&) = default;
};

// The words of the confirmation: Markdown whose first line is the subject, behind `# `.
// `{vorname}`,
// `{nachname}`, `{anrede}`, `{zahlungsreferenz}` and `{patient_id}` stand for what the registration
// says; what it does not say leaves nothing. A plain value.
class MailTemplate {
 public:
  // The error is a sentence with the line: no subject, or a brace that begins none of those.
  [[nodiscard]] static core::Result<MailTemplate, std::string> parse(std::string_view text);

  // The mail that `recorded` calls for: it is the creation of a patient by a registration, who has
  // an address. None: nobody is to be written to.
  [[nodiscard]] std::optional<Mail> mail_for(const patient::Recorded& recorded) const;

 private:
  struct Piece {
    std::string text;                             // as it stands
    std::optional<std::string> placeholder = {};  // behind it
  };
  using Pieces = std::vector<Piece>;
  [[nodiscard]] static core::Result<Pieces, std::string> read_pieces(std::string_view text,
                                                                     int line);

  Pieces subject_;
  Pieces body_;
};

// Whether `recorded` is the creation of a patient by a registration.
[[nodiscard]] bool is_registration(const patient::Recorded& recorded);

}  // namespace infra::reactors
