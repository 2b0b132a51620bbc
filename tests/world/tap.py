"""Runs the cases of a test of worlds and says in TAP how each went."""
import shutil
import sys


def run(cases, work):
    """Exits with 1 where a case failed; `work`, the folder of the worlds, is removed."""
    failed = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        bad = ""
        try:
            case()
        except AssertionError as error:
            print("#", error)
            bad = "not "
            failed += 1
        print(f"{bad}ok {number} - {case.__name__}", flush=True)
    shutil.rmtree(work)
    sys.exit(failed > 0)
