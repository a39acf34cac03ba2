#pragma once

#include <string>
#include <string_view>

namespace infra::codec {

// The first reason why bytes are no record of ours. Decoding goes on with stand-ins after one, so
// that it stays straight-line code; whoever began asks at the end and throws the result away.
class Verdict {
 public:
  // `why` lives as long as the program, and holds no content.
  void refuse(std::string_view why) {
    if (why_.empty()) why_ = why;
  }
  bool demand(bool holds, std::string_view why) {
    if (!holds) refuse(why);
    return holds;
  }
  [[nodiscard]] bool sound() const { return why_.empty(); }
  [[nodiscard]] std::string why() const { return std::string{why_}; }

 private:
  std::string_view why_;
};

}  // namespace infra::codec
