#include "tools/kartei/confirmations.h"

#include <fstream>
#include <sstream>

#include "domain/core/text.h"
#include "infra/access/listening.h"
#include "infra/http/origin.h"
#include "tools/kartei/answer.h"

namespace kartei {
namespace {

using infra::reactors::Confirmation;

constexpr std::uintmax_t kTextBytesMax = 100'000;

Confirmation read_words(const std::filesystem::path& file) {
  const std::string where = "--confirmation-text " + file.string() + ": ";
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream in{file, std::ios::binary};
  if (error || !in) decline_usage(where + "cannot be read");
  if (size > kTextBytesMax) decline_usage(where + "is larger than 100 kB");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const std::string text = bytes.str();
  if (!core::count_characters(text)) decline_usage(where + "is no UTF-8");
  auto words = Confirmation::parse(text);
  if (!words) decline_usage(where + words.error());
  return std::move(words).value();
}

// A mail is personal: it crosses no network in the clear.
void check_url(const std::string& url) {
  const std::size_t host = url.find("://");
  const std::size_t path = host == std::string::npos ? host : url.find_first_of("/?#", host + 3);
  const auto origin = infra::http::Origin::parse(url.substr(0, path));
  if (!origin) decline_usage("--confirmation-url is a URL such as https://mail.example/api/emails");
  if (!origin->tls && !infra::access::is_loopback(origin->host))
    decline_usage("--confirmation-url is an address of https, unless it is on loopback");
}

}  // namespace

std::optional<infra::reactors::Confirmations> confirmations_of(
    const infra::runtime::Settings& settings) {
  if (!settings.confirmation_url) return std::nullopt;
  check_url(*settings.confirmation_url);
  return infra::reactors::Confirmations{*settings.confirmation_url,
                                        read_words(*settings.confirmation_text),
                                        *settings.confirmation_sender,
                                        settings.confirmation_sender_name.value_or("")};
}

std::unique_ptr<infra::reactors::Confirming> confirm(infra::reactors::Confirmations confirmations,
                                                     infra::service::Host& host,
                                                     ports::Clock& clock) {
  return std::make_unique<infra::reactors::Confirming>(infra::reactors::Confirming::Given{
      std::move(confirmations),
      clock,
      [&host] { return host.log_in_turn(); },
      [&host](const patient::PatientId& id) {
        const auto guest = host.guest({.progress = {}, .notice = {}, .asks_at_head = true});
        return guest->show(id, {}).has_value();
      },
      [&host](std::string_view sentence) { host.say(sentence); }});
}

}  // namespace kartei
