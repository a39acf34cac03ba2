#include "projections/all.h"

#include "projections/contacts/contacts.h"
#include "projections/directory/directory.h"
#include "projections/exclusions/exclusions.h"
#include "projections/letzter_kontakt/letzter_kontakt.h"
#include "projections/states/states.h"
#include "projections/status_history/status_history.h"
#include "projections/timeline/timeline.h"

namespace projections {

std::vector<Projection> read_models() {
  return {directory_projection(),
          letzter_kontakt_projection(),
          exclusions_projection(),
          contacts_projection(),
          status_history_projection(),
          timeline_projection()};
}

std::vector<Projection> all(ports::EventCodec& codec) {
  std::vector<Projection> projections = read_models();
  projections.push_back(states_projection(codec));
  return projections;
}

}  // namespace projections
