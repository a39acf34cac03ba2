#include <memory>
#include <optional>

#include "infra/access/tokens.h"
#include "tools/kartei/present.h"
#include "tools/kartei/tree.h"

// `token`: somebody new who may ask a service.
namespace kartei {
namespace {

using core::Raw;

struct Options {
  std::string name;
  std::string role;
  std::string expires;
};

Answer make(Session& session, const Options& options) {
  if (!infra::access::is_name(options.name)) {
    decline_usage("NAME is 1 to 100 printable characters");
  }
  const auto role = infra::access::parse_role(options.role);
  if (!role) decline_usage("ROLE is reader, clerk or operator");
  std::optional<core::Date> expires;
  if (!options.expires.empty()) expires = date_option("--expires", options.expires);
  const auto made = infra::access::new_token(session.ids(), {options.name, *role}, expires);
  return {
      Raw{Raw::Object{{"token", Raw{made.token}}, {"line", Raw{made.line}}}}, [](const Raw& data) {
        return "token, shown only this once:\n  " + cell(member(data, "token")) +
               "\nline for the file that --tokens names:\n  " + cell(member(data, "line")) + '\n';
      }};
}

}  // namespace

void add_token(Tree& tree) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = add_verb(tree,
                            tree.root,
                            {"token",
                             "make a token with which somebody may ask a service; stores nothing",
                             "kartei token Empfang clerk --expires 2027-01-31",
                             true},
                            [options](Session& session) { return make(session, *options); });
  verb.add_option("NAME", options->name, "whose it is, as the history will say")->required();
  verb.add_option("ROLE", options->role, "reader, clerk or operator")->required();
  verb.add_option("--expires", options->expires, "the last day (UTC) on which it holds")
      ->type_name("DATE");
}

}  // namespace kartei
