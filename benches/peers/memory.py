#!/usr/bin/env python3
"""memory.py PEAK COMMAND...: runs a command and writes the largest resident set it had, in KiB, to the file PEAK.

A process counts what it was started from, so nothing below some 10 MiB (this Python) can be told.
"""
import os
import sys


def main(peak, *command):
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(process, 0)
    with open(peak, "w", encoding="ascii") as out:
        out.write(f"{used.ru_maxrss}\n")
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code  # a signal, as shells say it


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
