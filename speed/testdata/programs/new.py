import time
class Node:
    __slots__ = ("v", "next")

    def __init__(self, v, next):
        self.v, self.next = v, next

def work():
    l = None
    for i in range(1_000_000):
        l = Node(i, l)
        if i % 1000 == 0:
            l = None

start = time.perf_counter()
work()
print(time.perf_counter() - start)
