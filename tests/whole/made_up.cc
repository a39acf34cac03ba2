#include "tests/whole/made_up.h"

#include <array>
#include <cstdio>

namespace whole {
namespace {

std::string digits(int number, int width) {
  std::array<char, 80> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%0*d", width, number));
  return text.data();
}

}  // namespace

std::string made_up_registrations(int count, int first) {
  std::string lines;
  for (int number = first; number < first + count; ++number) {
    lines += R"({"patient_data":{"anrede":"Frau","geschlecht":"weiblich","vorname":"Ada",)";
    lines += R"("nachname":"Probe)" + std::to_string(number) + R"(","symptome":["Mobbing"]},)";
    lines += R"("registration_token":")" + digits(number, 64) + "\"}\n";
  }
  return lines;
}

std::string made_up_contacts(int count, int patients) {
  std::string lines;
  for (int number = 0; number < count; ++number) {
    lines += R"({"eventId":"979024ce-362f-42e1-8942-)" + digits(number, 12) + R"(",)";
    lines += R"("eventType":"email.sent","version":"1.0","timestamp":"2025-11-)";
    lines += digits(1 + number % 28, 2) + R"(T08:00:00Z","producer":"x","payload":{"email_id":1,)";
    lines += R"("patient_id":)" + std::to_string(1 + number % patients) + "}}\n";
  }
  return lines;
}

}  // namespace whole
