#include "tools/kartei/confirmations.h"

#include "domain/core/text.h"
#include "infra/access/listening.h"
#include "infra/access/tokens.h"
#include "infra/http/origin.h"
#include "tools/kartei/answer.h"

namespace kartei {
namespace {

using infra::reactors::MailTemplate;

MailTemplate read_template(const std::filesystem::path& file, const Input& input) {
  const std::string where = "--confirmation-text " + file.string() + ": ";
  const std::string text = read_document(file.string(), input);
  if (!core::count_characters(text)) decline_usage(where + "is no UTF-8");
  auto parsed = MailTemplate::parse(text);
  if (!parsed) decline_usage(where + parsed.error());
  return std::move(parsed).value();
}

void check_url(const std::string& url) {
  const std::size_t host = url.find("://");
  const std::size_t path = host == std::string::npos ? host : url.find_first_of("/?#", host + 3);
  const auto origin = infra::http::Origin::parse(url.substr(0, path));
  if (!origin) decline_usage("--confirmation-url is a URL such as https://mail.example/api/emails");
  if (!infra::access::keeps_private(*origin))
    decline_usage("--confirmation-url is an address of https, unless it is on loopback");
}

std::string read_token(const std::filesystem::path& file) {
  auto token = infra::access::read_own_token(file);
  if (!token) decline_usage(token.error());
  return std::move(token).value();
}

}  // namespace

std::optional<infra::reactors::ConfirmationOptions> confirmation_options(
    const infra::runtime::Settings& settings, const Input& input) {
  if (!settings.confirmation_url) return std::nullopt;
  check_url(*settings.confirmation_url);
  infra::reactors::ConfirmationOptions options{*settings.confirmation_url,
                                               read_template(*settings.confirmation_text, input),
                                               *settings.confirmation_sender,
                                               settings.confirmation_sender_name.value_or("")};
  if (settings.confirmation_token_file)
    options.token = read_token(*settings.confirmation_token_file);
  return options;
}

std::unique_ptr<infra::reactors::Confirming> confirm(infra::reactors::ConfirmationOptions options,
                                                     infra::service::Host& host,
                                                     ports::Clock& clock) {
  return std::make_unique<infra::reactors::Confirming>(infra::reactors::Confirming::Given{
      std::move(options),
      clock,
      [&host] { return host.log_in_turn(); },
      [&host](const patient::PatientId& id) {
        const auto guest = host.guest({.progress = {}, .notice = {}, .asks_at_head = true});
        return guest->show(id, {}).has_value();
      },
      [&host](std::string_view sentence) { host.say(sentence); }});
}

}  // namespace kartei
