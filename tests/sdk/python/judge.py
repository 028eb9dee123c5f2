"""Judges samples by generated Pydantic models: reads {file, name, samples} one after the other from
stdin, and prints for each list which samples are taken."""

import importlib.util
import json
import sys

from pydantic import TypeAdapter, ValidationError


def takes(adapter: TypeAdapter, sample: str) -> bool:
    try:
        adapter.validate_json(sample)
    except ValidationError:
        return False
    return True


taken = []
for number, case in enumerate(json.load(sys.stdin)):
    spec = importlib.util.spec_from_file_location(f"generated_{number}", case["file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    adapter = TypeAdapter(getattr(module, case["name"]))
    adapter.json_schema()
    taken.append([takes(adapter, sample) for sample in case["samples"]])
print(json.dumps(taken))
