import time
def matrix(n):
    return [[float(i * j % 7) for j in range(n)] for i in range(n)]

def work():
    n = 150
    a, b, c = matrix(n), matrix(n), matrix(n)
    for i in range(n):
        for j in range(n):
            t = 0.0
            for k in range(n):
                t += a[i][k] * b[k][j]
            c[i][j] = t

start = time.perf_counter()
work()
print(time.perf_counter() - start)
