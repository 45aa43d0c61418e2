"""The same work in Python: a line of JSON for each way, with the nanoseconds an item took in each repetition, wall and processor (of this
process only), or the bytes a unit takes."""

import json
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed

REPETITIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 5


def one():
    return 1


def double(n):
    return 2 * n


def report(group, name, n, f):
    wall, cpu = [], []
    for _ in range(REPETITIONS):
        w, c = time.perf_counter(), time.process_time()
        f(n)
        wall.append((time.perf_counter() - w) / n * 1e9)
        cpu.append((time.process_time() - c) / n * 1e9)
    print(json.dumps({"group": group, "name": name, "wall": wall, "cpu": cpu}), flush=True)


def main():
    with ThreadPoolExecutor(8) as p:
        report("Future", "Python ThreadPoolExecutor.submit", 20_000, lambda n: [f.result() for f in [p.submit(one) for _ in range(n)]])
        report("Future", "Python as_completed", 20_000, lambda n: list(as_completed([p.submit(one) for _ in range(n)])))
        report("Map", "Python ThreadPoolExecutor.map", 20_000, lambda n: list(p.map(double, range(n))))
    with ProcessPoolExecutor(2) as p:
        p.submit(one).result()
        report("Process", "Python ProcessPoolExecutor, one by one", 1_000, lambda n: [p.submit(double, i).result() for i in range(n)])
        report("Process", "Python ProcessPoolExecutor.submit", 5_000, lambda n: [f.result() for f in [p.submit(double, i) for i in range(n)]])
        report("ProcessMap", "Python ProcessPoolExecutor.map, chunks of 1000", 100_000, lambda n: list(p.map(double, range(n), chunksize=1000)))
    parked()


def rss():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def parked(n=1_000):
    gate, before = threading.Event(), rss()
    threads = [threading.Thread(target=gate.wait) for _ in range(n)]
    for t in threads:
        t.start()
    each = (rss() - before) / n
    gate.set()
    for t in threads:
        t.join()
    print(json.dumps({"group": "Parked", "name": "Python threading.Thread", "bytes": [each]}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
