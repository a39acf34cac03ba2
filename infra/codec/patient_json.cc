#include "infra/codec/patient_json.h"

#include "infra/codec/json.h"

namespace infra::codec {

std::string patient_json(const patient::PatientId& id, const patient::OnFile& patient) {
  constexpr std::size_t kUsual = 2'048;
  std::string out;
  out.reserve(kUsual);
  for (const patient::KeyInfo& known : patient::all_keys()) {
    out += out.empty() ? '{' : ',';
    append_json(known.name, out);
    out += ':';
    const auto* text = std::get_if<std::string>(&patient.fields[known.key]);
    if (text != nullptr) {
      append_json(*text, out);
    } else {
      append_json(patient::to_raw(id, patient, known.key), out);
    }
  }
  out += '}';
  return out;
}

}  // namespace infra::codec
