#include "infra/service/signs.h"

#include <utility>

namespace infra::service {

void Signs::set_trouble(std::string why) {
  const std::lock_guard lock{mutex_};
  trouble_ = std::move(why);
}

std::string Signs::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

}  // namespace infra::service
