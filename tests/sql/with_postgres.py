#!/usr/bin/env python3
"""Runs a test program with a PostgreSQL of its own: with_postgres.py PROGRAM [ARGUMENT...]

The server has a new cluster in a temporary folder, listens on a socket in it only, is stopped and
removed afterwards, and never runs as root. VERKAN_TEST_POSTGRES holds its conninfo; where PostgreSQL
is not installed the variable holds why not, after a '!', and the program skips."""
import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile


def tool(name):
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return shutil.which(name) or (found[-1] if found else None)


def server_user():
    """Who may run the server: ourselves, or a harmless user when we are root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise LookupError("no user but root")


def run(program, env):
    return subprocess.run(program, env={**os.environ, **env}).returncode


def main():
    program = sys.argv[1:]
    initdb, pg_ctl = tool("initdb"), tool("pg_ctl")
    if not initdb or not pg_ctl:
        return run(program, {"VERKAN_TEST_POSTGRES": "!PostgreSQL is not installed"})
    user = server_user()
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    name = user.pw_name if user else pwd.getpwuid(os.getuid()).pw_name
    folder = pathlib.Path(tempfile.mkdtemp(prefix="verkan-pg-"))
    data, log = folder / "data", folder / "log"
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **who}
        subprocess.run([initdb, "-D", data, "-U", name, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
                       check=True, **quiet)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=64MB -c jit=off"
        subprocess.run([pg_ctl, "-D", data, "-l", log, "-w", "-o", options, "start"], check=True, **quiet)
        folder.chmod(0o755)
        return run(program, {"VERKAN_TEST_POSTGRES": f"host={folder} user={name} dbname=postgres"})
    finally:
        if (data / "postmaster.pid").exists():
            subprocess.run([pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
