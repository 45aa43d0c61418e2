import time
def work():
    m = {}
    for i in range(1_000_000):
        m[i] = i

start = time.perf_counter()
work()
print(time.perf_counter() - start)
