#include <charconv>
#include <memory>

#include "infra/access/listening.h"
#include "infra/access/tokens.h"
#include "infra/codec/json.h"
#include "infra/runtime/open_files.h"
#include "infra/runtime/signals.h"
#include "tools/kartei/command_lines.h"
#include "tools/kartei/confirmations.h"
#include "tools/kartei/present.h"
#include "tools/kartei/serving.h"
#include "tools/kartei/tree.h"

// `serve`: the service that a practice's other systems talk to.
namespace kartei {
namespace {

constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kFinishWithin{5};

struct Options {
  std::string listen = "127.0.0.1:8080";
};

// HOST:PORT, where HOST may be an address of IPv6 in brackets.
infra::http::Listen parse_listen(const std::string& text) {
  infra::http::Listen listen;
  const std::size_t colon = text.rfind(':');
  const char* end = text.data() + text.size();
  const auto [stopped, error] = colon == std::string::npos
                                    ? std::from_chars_result{end, std::errc::invalid_argument}
                                    : std::from_chars(text.data() + colon + 1, end, listen.port);
  if (error != std::errc{} || stopped != end || colon == 0)
    decline_usage("--listen is HOST:PORT such as 127.0.0.1:8080; port 0 takes any that is free");
  listen.host = text.substr(0, colon);
  if (listen.host.front() == '[' && listen.host.back() == ']')
    listen.host = listen.host.substr(1, listen.host.size() - 2);
  return listen;
}

ServeOptions options_of(const Session& session, const Options& given) {
  ServeOptions options;
  options.listen = parse_listen(given.listen);
  const infra::runtime::Settings& settings = session.settings();
  if (settings.tls_certificate)
    options.tls = {settings.tls_certificate->string(), settings.tls_key->string()};
  if (settings.tokens) {
    const auto tokens = infra::access::Tokens::read(*settings.tokens);
    if (!tokens) decline_usage(tokens.error());
    options.tokens = settings.tokens;
  }
  if (settings.advertise) {
    options.advertise = infra::http::Origin::parse(*settings.advertise);
    if (!options.advertise)
      decline_usage("--advertise is http://HOST:PORT or https://HOST:PORT, and nothing behind it");
    if (!infra::access::keeps_private(*options.advertise))
      decline_usage("--advertise is an address of https, unless it is on loopback");
  }
  options.standby = standby_options(settings);
  options.access_log = settings.access_log;
  options.read_log = settings.read_log;
  options.import_folder = settings.import_local_path;
  if (settings.import_gcs_bucket) {
    options.import_bucket = {*settings.import_gcs_bucket,
                             settings.storage_endpoint,
                             settings.storage_is_emulated,
                             settings.google_credentials,
                             settings.gce_metadata_host};
  }
  options.import_interval = settings.import_check_interval;
  options.import_retention = settings.import_retention;
  options.confirmations = confirmation_options(settings, session.input());
  if (const auto why = infra::access::why_not_listen(
          options.listen.host, options.tokens.has_value(), options.tls.has_value()))
    decline_usage(*why);
  return options;
}

Answer serve(Session& session, const Options& given) {
  const ServeOptions options = options_of(session, given);
  const infra::runtime::StopSignals signals;
  infra::runtime::raise_open_files_limit();
  Serving serving{session.surroundings(), options};
  CommandLines command_lines{session, serving.host()};
  const std::string address = origin_of(options, serving.port()).text();
  if (session.json()) {
    session.out() << infra::codec::write_json(
                         core::Raw{core::Raw::Object{{"listening", core::Raw{address}}}})
                  << std::endl;
  } else {
    session.out() << "listening on " << address << " (Ctrl-C stops it)" << std::endl;
  }
  try {
    while (!signals.requested()) serving.await_failure(kLook);
  } catch (...) {
    serving.stop();  // What it runs for others may wait for it.
    throw;
  }
  command_lines.stop(kFinishWithin);
  serving.stop();
  session.progress().clear();
  session.logger().info("stopped; everything that was answered is in the log");
  return {.data = {}, .for_people = {}, .was_said = true};
}

}  // namespace

void add_serve(Tree& tree) {
  const auto options = std::make_shared<Options>();
  CLI::App& verb = add_verb(tree,
                            tree.root,
                            {"serve",
                             "answer over HTTP and keep every read model up with the log, until "
                             "SIGTERM or Ctrl-C",
                             "kartei serve --listen 127.0.0.1:8080",
                             true},
                            [options](Session& session) { return serve(session, *options); });
  verb.add_option("--listen", options->listen, "where (default 127.0.0.1:8080; port 0: any free)")
      ->type_name("HOST:PORT");
}

}  // namespace kartei
