import time
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def work():
    fib(30)

start = time.perf_counter()
work()
print(time.perf_counter() - start)
