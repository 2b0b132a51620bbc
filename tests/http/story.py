"""What the files of cases here share: FILE VERKAN ROOT, a workspace of the few rows of tests/cli/tiny, its server and its owner."""
import atexit
import os
import pathlib
import shutil
import sys
import tempfile

import client
from client import Client, Server

verkan, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
tiny = root / "tests/cli/tiny"  # S1, S2 in team T1; S3 in T2
cases = []
ready = {}  # what was imported before: each workspace is a copy of one that the program made


def case(f):
    cases.append(f)
    return f


def run(*words, code=0):
    return client.run(verkan, *words, code=code)


def serve(w, level="case", data=tiny, diagnosed=True):
    """A workspace, with a result where it is to be diagnosed; its server, and the owner."""
    key = (str(data), diagnosed)
    if key not in ready:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="verkan-http-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        run("import", data, "-w", folder / "w")
        if diagnosed:
            run("diagnose", "-w", folder / "w")
        ready[key] = folder / "w"
    w.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ready[key], w)
    settings = w / "verkan.toml"
    settings.write_text(settings.read_text().replace('person_level = "case"', f'person_level = "{level}"'))
    server = Server(verkan, w)
    return server, Client(server).set_up(server.setup_token())


def main():
    sys.exit(client.main(cases))
