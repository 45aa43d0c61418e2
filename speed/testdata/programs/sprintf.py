import time
def work():
    for i in range(500_000):
        _ = f"{i:d} {'word'}"

start = time.perf_counter()
work()
print(time.perf_counter() - start)
