"""The same work with asyncio, on its own loop or uvloop's: seconds, and seconds of the processor."""

import asyncio
import sys
import time

kind, work, n, url = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
less = 0.0


async def nothing():
    return 1


async def turns(m):
    for _ in range(m):
        await asyncio.sleep(0)


async def gather():
    await asyncio.gather(*[nothing() for _ in range(n)])


async def group():
    async with asyncio.TaskGroup() as g:
        for _ in range(n):
            g.create_task(nothing())


async def switch():
    await asyncio.gather(turns(n // 2), turns(n // 2))


async def sleepers():
    global less
    await asyncio.gather(*[asyncio.sleep(0.05) for _ in range(n)])
    less = 0.05


async def wait_for():
    for _ in range(n):
        await asyncio.wait_for(asyncio.create_task(nothing()), 1)


async def cancel():
    for _ in range(n):
        t = asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(0)
        t.cancel()
        try:
            await t
        except asyncio.CancelledError:
            pass


async def to_thread():
    for _ in range(n):
        await asyncio.to_thread(lambda: 1)


async def http(path, together):
    if kind == "httpx":
        import httpx

        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(limits=limits, timeout=None) as client:

            async def get():
                return (await client.get(url + path)).text

            await run(get, together)
        return
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def get():
            async with session.get(url + path) as r:
                return await r.text()

        await run(get, together)


async def run(get, together):
    left = n

    async def worker():
        nonlocal left
        while left > 0:
            left -= 1
            await get()

    await asyncio.gather(*[worker() for _ in range(together)])


works = {
    "gather": gather,
    "group": group,
    "switch": switch,
    "sleepers": sleepers,
    "wait_for": wait_for,
    "cancel": cancel,
    "to_thread": to_thread,
    "http 20 ms": lambda: http("/delay/0.02", n),
    "http fast": lambda: http("/bytes/10", 64),
}


async def main():
    wall, cpu = time.perf_counter(), time.process_time()
    await works[work]()
    print(time.perf_counter() - wall - less, time.process_time() - cpu)


if kind == "uvloop":
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
