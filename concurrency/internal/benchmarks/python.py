"""The same work with Python's ThreadPoolExecutor: microseconds an item."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed

N = 30_000


def nothing():
    return 1


def measure(name, f):
    with ThreadPoolExecutor(8) as pool:
        wall, cpu = time.perf_counter(), time.process_time()
        f(pool)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:24} {wall / N * 1e6:8.2f} µs  {cpu / N * 1e6:8.2f} cpu-µs")


measure("submit, result", lambda p: [f.result() for f in [p.submit(nothing) for _ in range(N)]])
measure("map", lambda p: list(p.map(lambda n: 2 * n, range(N))))
measure("as_completed", lambda p: list(as_completed([p.submit(nothing) for _ in range(N)])))
