"""morning.py URL: a registration, its payment and what is talked about, from end to end.

Known of the service is what its OpenAPI document says. Ends with 1 at the first fault.
"""

import sys
import uuid

from curavani import Client, expect

client = Client(sys.argv[1])
call = client.call


def reading(answer):
    """The header with which a question waits until it knows what this answer did."""
    return {"Kartei-Wait-For": answer.headers["Kartei-Position"]}


def problem(answer, code):
    expect(answer.body["code"] == code, f"{code} expected, got {answer.body}")
    return answer


# The registration, sent twice because the first answer got lost.
registration = {
    "anrede": "Frau",
    "geschlecht": "weiblich",
    "vorname": "Marta",
    "nachname": "Beispiel",
    "email": "marta.beispiel@example.org",
    "symptome": ["Schlafstörungen", "Sorgen / Grübeln"],
    "zeitliche_verfuegbarkeit": {"montag": ["09:00-12:00"]},
    "raeumliche_verfuegbarkeit": {"max_km": 15.0},
}
key = {"Idempotency-Key": str(uuid.uuid4()), "X-Correlation-Id": str(uuid.uuid4())}
created = call("createPatient", 201, registration, key)
expect(len(created.body) == 36, "a patient has 36 keys")
expect(created.body["status"] == "offen", "a new patient is offen")
expect(created.body["raeumliche_verfuegbarkeit"] == {"max_km": 15}, "15.0 is the number 15")
expect(created.headers["X-Correlation-Id"] == key["X-Correlation-Id"], "the correlation is kept")
again = call("createPatient", 201, registration, key)
expect(again.headers["Idempotency-Replayed"] == "true", "the second one is a replay")
expect(again.body["id"] == created.body["id"], "one registration is one patient")
problem(call("createPatient", 409, {**registration, "ort": "Köln"}, key), "command_id_reused")
expect("vorname" in problem(call("createPatient", 400, {"vorname": " "}), "invalid").body["fields"],
       "what is wrong is named")
patient = {"id": created.body["id"]}
expect(created.headers["Location"].endswith(f"/{patient['id']}"), "Location names the patient")

# Read at once, and not sent again when it is known.
shown = call("showPatient", 200, headers=reading(created), **patient)
expect(shown.body == created.body, "what was written is what is read")
tag = shown.headers["ETag"]
call("showPatient", 304, headers={"If-None-Match": tag}, **patient)
found = call("listPatients", 200, search="BEISPIEL", status="offen", limit=1000)
expect(patient["id"] in [one["id"] for one in found.body["data"]], "the list finds her")

# The contracts, then the payment: the search begins on that day.
contracts = {"vertraege_unterschrieben": True}
signed = call("updatePatient", 200, contracts, {"If-Match": tag}, **patient)
expect(signed.body["startdatum"] is None, "without payment nothing starts")
problem(call("updatePatient", 412, {"ort": "Bonn"}, {"If-Match": tag}, **patient),
        "wrong_expected_sequence")
paid = call("updatePatient", 200, {"zahlung_eingegangen": True, "zahlungsreferenz": "a1b2c3d4"},
            {"If-Match": signed.headers["ETag"]}, **patient)
expect(paid.body["status"] == "auf_der_Suche", "with both the search begins")
expect(paid.body["startdatum"] == paid.body["updated_at"], "startdatum is the day of the payment")

# A therapist who is out of the question.
excluded = call("excludeTherapist", 200, {"reason": "kennt sich privat"}, therapist=301, **patient)
expect(excluded.body["ausgeschlossene_therapeuten"] == [301], "301 is excluded")
rows = call("queryExclusions", 200, headers=reading(excluded), patient=patient["id"]).body
expect([row["reason"] for row in rows] == ["kennt sich privat"], "the reason is kept")

# What is talked about does not spoil anybody's edit, and one call is one contact.
contact = {"at": "2026-01-30T09:30:00Z", "channel": "phone", "source": "call-815"}
call("recordContact", 200, contact, **patient)
called = call("recordContact", 200, contact, **patient)
expect(called.headers["ETag"] == excluded.headers["ETag"], "a contact leaves the ETag")
expect(called.body["letzter_kontakt"] == "2026-01-30", "letzter_kontakt is the day of the contact")
mailed = call("recordContact", 200, {"at": "2026-01-31T08:00:00Z", "channel": "email"}, **patient)
talked = call("showCommunication", 200, headers=reading(mailed), **patient).body
expect((talked["total_emails"], talked["total_calls"]) == (1, 1), "one mail and one call")
expect(talked["patient_name"] == "Marta Beispiel", "the name is there")
expect([one["channel"] for one in talked["communications"]] == ["email", "phone"], "newest first")
longest = call("queryLetzterKontakt", 200, headers=reading(mailed), before="2026-02-01", limit=1000)
expect(patient["id"] in [one["patient_id"] for one in longest.body], "the question finds her")

# A place is found and the exclusion taken back.
changed = call("changeStatus", 200, {"status": "in_Therapie"},
               {"If-Match": excluded.headers["ETag"]}, **patient)
problem(call("changeStatus", 400, {"status": "gesund"}, **patient), "invalid")
included = call("includeTherapist", 200, therapist=301, **patient)
expect(included.body["ausgeschlossene_therapeuten"] == [], "nobody is excluded")
summary = call("queryStatusSummary", 200, headers=reading(included)).body
expect(summary["in_Therapie"] >= 1, "the summary counts her")

# How it came to that.
history = call("showHistory", 200, headers=reading(included), **patient).body
expect([one["sequence"] for one in history] == list(range(1, len(history) + 1)), "without gaps")
expect(history[0]["type"] == "created", "it began with her creation")
moves = [one["changes"]["status"] for one in history if "status" in one["changes"]][-2:]
expect(moves == [["offen", "auf_der_Suche"], ["auf_der_Suche", "in_Therapie"]], f"status: {moves}")
now = history[-1]["recorded_at"]
then = call("showPatient", 200, as_of=now, **patient).body
expect(then == included.body, "as of the last event she is as she is")
problem(call("showPatient", 404, as_of="2001-01-01T00:00:00Z", **patient), "not_found")

# Positions of no log, and of another one.
for position in ("gestern", "1." + "0" * 32):
    problem(call("showPatient", 400, headers={"Kartei-Wait-For": position}, **patient), "usage")

# She wants to be forgotten.
gone = call("deletePatient", 200, headers=key | {"Idempotency-Key": str(uuid.uuid4())}, **patient)
expect(gone.body["message"] == "Patient deleted successfully", "the message is the original's")
missing = problem(call("showPatient", 404, headers=reading(gone), **patient), "not_found")
expect(missing.body["message"] == "Patient not found", "the message is the original's")
problem(call("updatePatient", 410, {"ort": "Bonn"}, **patient), "deleted")
problem(call("createPatient", 410, {**registration, "id": patient["id"]}), "deleted")
expect(call("showHistory", 200, **patient).body[-1]["type"] == "deleted", "the history stays")

for operation in ("health", "healthLive", "healthReady", "healthKafka", "healthImport"):
    call(operation, 200)
expect({one["state"] for one in call("listProjections", 200).body} == {"live"}, "all are live")
print(f"{client.calls} calls, all as the document says")
