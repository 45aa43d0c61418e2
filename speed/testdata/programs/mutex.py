import time
import threading

def work():
    mu = threading.Lock()
    n = 0

    def run():
        nonlocal n
        for j in range(50_000):
            with mu:
                n += 1

    ts = [threading.Thread(target=run) for i in range(8)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()

start = time.perf_counter()
work()
print(time.perf_counter() - start)
