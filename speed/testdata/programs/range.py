import time
def work():
    l = [0] * 1000
    s = 0
    for i in range(5000):
        for v in l:
            s += v

start = time.perf_counter()
work()
print(time.perf_counter() - start)
