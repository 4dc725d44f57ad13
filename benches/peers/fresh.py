#!/usr/bin/env python3
"""fresh.py QUERIES COUNT COMMAND...: p50 in ms of whole processes, from start to exit; each gets one query as its last argument."""
import subprocess
import sys
import time


def main(queries, count, *command):
    with open(queries, encoding="utf-8") as lines:
        texts = [line.rstrip("\n").split("\t")[-1] for line in lines]
    texts = texts[:: max(1, len(texts) // int(count))][: int(count)]
    times = []
    for text in texts:
        started = time.perf_counter()
        status = subprocess.call([*command, text], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, close_fds=False)
        times.append((time.perf_counter() - started) * 1e3)
        if status not in (0, 1):  # 1: no hit
            sys.exit(f"{command[0]}: exit code {status} on the query {text!r}")
    print(f"{sorted(times)[(len(times) - 1) // 2]:.2f}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
