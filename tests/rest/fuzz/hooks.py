"""What the document says in words alone: such bodies are not the right ones that they seem."""

import schemathesis


def slots_are_in_order(availability):
    if not isinstance(availability, dict):
        return True
    slots = [slot for day in availability.values() if isinstance(day, list) for slot in day]
    return all(str(slot)[:5] < str(slot)[6:] for slot in slots)


def names_hold_no_nul(value):
    if isinstance(value, dict):
        return all("\0" not in name and names_hold_no_nul(one) for name, one in value.items())
    return not isinstance(value, list) or all(names_hold_no_nul(one) for one in value)


@schemathesis.hook
def filter_body(context, body):
    if not isinstance(body, dict):
        return True
    slots = body.get("zeitliche_verfuegbarkeit")
    return slots_are_in_order(slots) and names_hold_no_nul(body)
