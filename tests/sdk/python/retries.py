"""What the SDK does about failures that pass, and about those that do not."""

import json

from proof import MODEL, client, refused


def ask(text):
    return client.responses.create(model=MODEL, input=text, reasoning={"effort": "none"})


def errors():
    texts = ["always limited", "no credit left", "always broken", "always busy", "not served here"]
    return {text: refused(lambda: ask(text)) for text in texts}


def recovered():
    return [ask(text).status for text in ["limited once", "broken once"]]


print(json.dumps({"recovered": recovered(), "errors": errors()}))
