"""What the document says in words alone: such bodies are not the right ones that they seem."""

import schemathesis


def slots_are_in_order(availability):
    if not isinstance(availability, dict):
        return True
    slots = [slot for day in availability.values() if isinstance(day, list) for slot in day]
    return all(str(slot)[:5] < str(slot)[6:] for slot in slots)


@schemathesis.hook
def filter_body(context, body):
    if not isinstance(body, dict):
        return True
    return slots_are_in_order(body.get("zeitliche_verfuegbarkeit"))
