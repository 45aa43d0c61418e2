import time
class Counter:
    def __init__(self):
        self.n = 0

    def add(self, d):
        self.n += d

def work():
    c = Counter()
    for i in range(1_000_000):
        c.add(i)

start = time.perf_counter()
work()
print(time.perf_counter() - start)
