#!/usr/bin/env python3
"""Validates a real document against doc/diagnosis.schema.json, and spoiled ones, which must fail:
schema.py SCHEMA COMMAND... (the command prints the document). Speaks TAP."""
import copy
import json
import pathlib
import subprocess
import sys


def main():
    print("1..2")
    try:
        import jsonschema
    except ImportError:
        print("ok 1 # SKIP python3-jsonschema is not installed\nok 2 # SKIP the same")
        return 0
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    document = json.loads(subprocess.run(sys.argv[2:], check=True, capture_output=True).stdout)
    errors = list(check.iter_errors(document))
    for error in errors[:10]:
        print("#", "/".join(map(str, error.absolute_path)), error.message[:200])
    print(("not " if errors else "") + "ok 1 - the document is as its schema says")
    spoiled = []
    for change in (lambda d: d.pop("answers"), lambda d: d.update(schema="verkan.diagnosis/2"),
                   lambda d: d["data"].update(name="Eva"),
                   lambda d: d["answers"][0].update(status="perhaps"),
                   lambda d: d["whole"]["won"].pop("lo")):
        other = copy.deepcopy(document)
        change(other)
        spoiled.append(check.is_valid(other))
    print(("not " if any(spoiled) else "") + "ok 2 - a spoiled document is not")
    return bool(errors or any(spoiled))


if __name__ == "__main__":
    sys.exit(main())
