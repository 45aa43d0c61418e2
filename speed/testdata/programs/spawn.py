import time
import asyncio

async def task():
    pass

async def spawn():
    await asyncio.gather(*(task() for i in range(100_000)))

def work():
    asyncio.run(spawn())

start = time.perf_counter()
work()
print(time.perf_counter() - start)
