"""A client of the service that knows of it what /openapi.json says.

Every answer is looked up there: its status, its headers, its keys.
"""

import http.client
import json
import sys
from urllib.parse import quote, urlencode, urlsplit

TIMEOUT = 60
# What HTTP itself has to say with an answer; the document has the others.
HEADERS_OF_HTTP = {"date", "content-type", "content-length", "cache-control"}


def expect(holds, what):
    if not holds:
        sys.exit(f"fault: {what}")


class Answer:
    def __init__(self, raw):
        self.status = raw.status
        self.headers = raw.headers
        text = raw.read()
        is_json = "json" in (raw.headers["Content-Type"] or "")
        self.body = json.loads(text) if is_json and text else None


class Client:
    """Calls operations by their ids."""

    def __init__(self, url):
        self.address = urlsplit(url)
        self.calls = 0
        self.api = json.loads(self.get_text("/openapi.json"))
        self.operations = {
            operation["operationId"]: (method.upper(), path, item, operation)
            for path, item in self.api["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
        }

    def connect(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=TIMEOUT)

    def get_text(self, path):
        connection = self.connect()
        connection.request("GET", path)
        text = connection.getresponse().read()
        connection.close()
        return text

    def resolve(self, thing):
        while "$ref" in thing:
            found = self.api
            for key in thing["$ref"][2:].split("/"):
                found = found[key]
            thing = found
        return thing

    def call(self, operation_id, expected, body=None, headers=None, **values):
        """Puts each value where the document wants it; the answer has to be of this status."""
        method, path, item, operation = self.operations[operation_id]
        query, known, sent = {}, set(), dict(headers or {})
        for parameter in item.get("parameters", []) + operation.get("parameters", []):
            parameter = self.resolve(parameter)
            name, place = parameter["name"], parameter["in"]
            if place == "path":
                path = path.replace("{" + name + "}", quote(str(values.pop(name)), safe=""))
            elif place == "query" and name in values:
                query[name] = values.pop(name)
            elif place == "header":
                known.add(name)
        unknown = set(sent) - known
        expect(not unknown, f"{operation_id} has no header {unknown}")
        expect(not values, f"{operation_id} has no parameter {', '.join(values)}")
        if query:
            path += "?" + urlencode(query)
        text = None
        if body is not None:
            text = json.dumps(body)
            sent["Content-Type"] = "application/json"
        connection = self.connect()
        connection.request(method, path, text, sent)
        answer = Answer(connection.getresponse())
        connection.close()
        self.calls += 1
        where = f"{operation_id} {expected}"
        expect(answer.status == expected, f"{where}: {answer.status} {answer.body}")
        expect(str(expected) in operation["responses"], f"{where} is not in the document")
        self.check(where, answer, self.resolve(operation["responses"][str(expected)]))
        return answer

    def check(self, where, answer, documented):
        for name, header in documented.get("headers", {}).items():
            required = self.resolve(header).get("required", False)
            expect(not required or answer.headers[name], f"{where} comes without {name}")
        known = HEADERS_OF_HTTP | {name.lower() for name in documented.get("headers", {})}
        unknown = {name for name in answer.headers if name.lower() not in known}
        expect(not unknown, f"{where} comes with {unknown}, of which the document says nothing")
        if answer.body is None:
            return
        content_type = answer.headers["Content-Type"].split(";")[0]
        expect(content_type in documented["content"], f"{where} is {content_type}")
        schema = self.resolve(documented["content"][content_type]["schema"])
        if schema.get("type") == "object":
            missing = set(schema.get("required", [])) - set(answer.body)
            expect(not missing, f"{where} lacks {missing}")
