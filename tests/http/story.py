"""What the files of cases here share: FILE VERKAN ROOT, a workspace of the few rows of tests/cli/tiny, its server and its owner."""
import os
import pathlib
import sys

import client
from client import Client, Server

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
tiny = root / "tests/cli/tiny"  # S1, S2 in team T1; S3 in T2
cases = []


def case(f):
    cases.append(f)
    return f


def run(*words, code=0):
    return client.run(verkan, *words, code=code)


def serve(w, level="case", data=tiny, diagnosed=True):
    """A workspace, with a result where it is to be diagnosed; its server, and the owner."""
    run("import", data, "-w", w)
    if diagnosed:
        run("diagnose", "-w", w)
    settings = w / "verkan.toml"
    settings.write_text(settings.read_text().replace('person_level = "case"', f'person_level = "{level}"'))
    server = Server(verkan, w)
    return server, Client(server).set_up(server.setup_token())


def main():
    sys.exit(client.main(cases))
