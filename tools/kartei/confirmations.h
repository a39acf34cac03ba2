#pragma once

#include <memory>
#include <optional>

#include "infra/reactors/confirming.h"
#include "infra/runtime/settings.h"
#include "infra/service/host.h"
#include "tools/kartei/input.h"

namespace kartei {

// What the settings say of confirmation mails; none: there are to be none. Declines the usage where
// they are wrong, the text's file included.
[[nodiscard]] std::optional<infra::reactors::ConfirmationOptions> confirmation_options(
    const infra::runtime::Settings& settings, const Input& input);

// The thread that has them sent, for the log of `host`, which must outlive it, like `clock`.
[[nodiscard]] std::unique_ptr<infra::reactors::Confirming> confirm(
    infra::reactors::ConfirmationOptions options, infra::service::Host& host, ports::Clock& clock);

}  // namespace kartei
