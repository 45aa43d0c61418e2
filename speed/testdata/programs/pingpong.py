import time
import queue
import threading

def work():
    ping, pong = queue.SimpleQueue(), queue.SimpleQueue()

    def answer():
        while (v := ping.get()) is not None:
            pong.put(v)

    t = threading.Thread(target=answer)
    t.start()
    for i in range(100_000):
        ping.put(i)
        pong.get()
    ping.put(None)
    t.join()

start = time.perf_counter()
work()
print(time.perf_counter() - start)
