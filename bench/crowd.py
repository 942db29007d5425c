# SPDX-License-Identifier: Apache-2.0
"""Holds connections open against a server until told to stop: crowd.py PORT IDLE SLOW.
Idle ones ask once and stay; slow ones send a head byte by byte, one a second, and begin anew when they are closed."""
import asyncio
import resource
import sys

port, idle, slow = (int(word) for word in sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (idle + slow + 100,) * 2)


async def stay():
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            while await reader.read(4096):
                pass
            writer.close()
        except OSError:
            await asyncio.sleep(1)


async def drip():
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for byte in b"GET /healthz HTTP/1.1\r\nHost: " + b"a" * 10_000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(1)
        except OSError:
            pass


async def main():
    crowd = [asyncio.create_task(stay()) for _ in range(idle)] + [asyncio.create_task(drip()) for _ in range(slow)]
    print("here", flush=True)
    await asyncio.gather(*crowd)


asyncio.run(main())
