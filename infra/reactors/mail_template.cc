#include "infra/reactors/mail_template.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace infra::reactors {
namespace {

using core::Failure;
using patient::Key;

struct Placeholder {
  std::string_view name;
  std::optional<Key> key;  // none: the patient's id
};
constexpr std::array kPlaceholders{Placeholder{"vorname", Key::vorname},
                                   Placeholder{"nachname", Key::nachname},
                                   Placeholder{"anrede", Key::anrede},
                                   Placeholder{"zahlungsreferenz", Key::zahlungsreferenz},
                                   Placeholder{"patient_id", std::nullopt}};

const Placeholder* find(std::string_view name) {
  const auto found = std::find_if(kPlaceholders.begin(),
                                  kPlaceholders.end(),
                                  [&](const Placeholder& one) { return one.name == name; });
  return found == kPlaceholders.end() ? nullptr : &*found;
}

std::string known_placeholders() {
  std::string all;
  for (const Placeholder& one : kPlaceholders)
    all.append(all.empty() ? "{" : ", {").append(one.name).append("}");
  return all;
}

std::string text_of(const patient::Recorded& recorded, Key key) {
  for (const patient::KeyChange& change : recorded.changes) {
    if (change.key != key) continue;
    const auto* text = std::get_if<std::string>(&change.after);
    return text != nullptr ? *text : "";
  }
  return "";
}

// In one line, as a header of a mail wants it.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

// CommonMark, 2.4: any ASCII punctuation may be escaped, and means itself then.
std::string escaped(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (std::ispunct(static_cast<unsigned char>(c)) != 0) plain += '\\';
    plain += c;
  }
  return plain;
}

}  // namespace

core::Result<MailTemplate::Pieces, std::string> MailTemplate::read_pieces(std::string_view text,
                                                                          int line) {
  Pieces pieces;
  while (true) {
    const std::size_t open = text.find('{');
    const std::string_view before = text.substr(0, open);
    line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    pieces.push_back({std::string{before}});
    if (open == std::string_view::npos) return pieces;
    const std::size_t close = text.find('}', open);
    const std::string_view name =
        close == std::string_view::npos ? "" : text.substr(open + 1, close - open - 1);
    if (find(name) == nullptr) {
      return Failure{"line " + std::to_string(line) + ": a brace begins one of " +
                     known_placeholders() + ", and nothing else"};
    }
    pieces.back().placeholder = std::string{name};
    text.remove_prefix(close + 1);
  }
}

core::Result<MailTemplate, std::string> MailTemplate::parse(std::string_view text) {
  const std::size_t end = text.find('\n');
  const std::string_view first = text.substr(0, end);
  if (!first.starts_with("# ") || end == std::string_view::npos)
    return Failure{
        std::string{"line 1: the subject stands there, behind \"# \", and the text below"}};
  MailTemplate confirmation;
  auto subject = read_pieces(first.substr(2), 1);
  if (!subject) return Failure{subject.error()};
  std::string_view below = text.substr(end + 1);
  int line = 2;
  for (; below.starts_with('\n'); ++line) below.remove_prefix(1);
  auto body = read_pieces(below, line);
  if (!body) return Failure{body.error()};
  confirmation.subject_ = std::move(subject).value();
  confirmation.body_ = std::move(body).value();
  return confirmation;
}

bool is_registration(const patient::Recorded& recorded) {
  const auto* created = std::get_if<patient::Created>(&recorded.event);
  return created != nullptr && created->registration.has_value();
}

std::optional<Mail> MailTemplate::mail_for(const patient::Recorded& recorded) const {
  if (!is_registration(recorded)) return std::nullopt;
  Mail mail{recorded.envelope.patient_id.text(), "", "", text_of(recorded, Key::email), ""};
  if (mail.to_address.empty()) return std::nullopt;
  const auto value_of = [&](const std::string& name) {
    const Placeholder* placeholder = find(name);
    const auto value = placeholder->key ? text_of(recorded, *placeholder->key) : mail.patient_id;
    return one_line(value);
  };
  for (const Piece& piece : subject_)
    mail.subject += piece.text + (piece.placeholder ? value_of(*piece.placeholder) : "");
  for (const Piece& piece : body_)
    mail.markdown += piece.text + (piece.placeholder ? escaped(value_of(*piece.placeholder)) : "");
  const std::string first = one_line(text_of(recorded, Key::vorname));
  const std::string last = one_line(text_of(recorded, Key::nachname));
  mail.to_name = first + (first.empty() || last.empty() ? "" : " ") + last;
  return mail;
}

}  // namespace infra::reactors
