import time
def work():
    n = 2_000_000
    s = bytearray(n)
    count = 0
    for i in range(2, n):
        if not s[i]:
            count += 1
            for j in range(i * i, n, i):
                s[j] = 1

start = time.perf_counter()
work()
print(time.perf_counter() - start)
