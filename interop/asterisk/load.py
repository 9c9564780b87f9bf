"""Fifty calls a second through queue, answer and hang-up, with a hundred phones: measures lost calls, the delay at desks, and resources.

Usage: load.py PROGRAM BUILD-FOLDER PORT-BASE [CALLS-A-SECOND [SECONDS]]
"""

import base64
import collections
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from rig import ARI_USER, Asterisk, Hub, People, ask_http, free_port, wait

PHONES = [str(number) for number in range(1001, 1101)]
TALK_MS = 700


class Socket(threading.Thread):
    """Reads a WebSocket and records when each message arrived."""

    def __init__(self, port, path, header, take, first=None):
        super().__init__(daemon=True)
        self.take = take
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{header}\r\n\r\n".encode())
        self.stream, self.lock = stream, threading.Lock()
        self.reader = stream.makefile("rb", buffering=1 << 20)
        while self.reader.readline() not in (b"\r\n", b""):
            pass
        if first:
            self.send(1, json.dumps(first).encode())
        self.start()

    def send(self, kind, payload):
        # Clients must mask frames; a mask of zeros leaves the data unchanged.
        with self.lock:
            self.stream.sendall(struct.pack("!BBH", 0x80 | kind, 0x80 | 126, len(payload)) + bytes(4) + payload)

    def run(self):
        while True:
            head = self.reader.read(2)
            if len(head) < 2:
                return
            length = head[1] & 127
            if length >= 126:
                size = 2 if length == 126 else 8
                length = int.from_bytes(self.reader.read(size), "big")
            payload = self.reader.read(length)
            if head[0] & 15 == 9:
                self.send(10, payload)
            elif head[0] & 15 == 1:
                self.take(time.time(), payload)


def cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def history(hub):
    records, before = [], ""
    while True:
        page = hub.call("GET", f"/history/interactions?limit=1000{before}")
        records += page["items"]
        if not page.get("next"):
            return records
        before = f"&before={page['next']}"


def main():
    program, build, base = sys.argv[1:4]
    rate, seconds = (int(text) for text in (sys.argv[4:] + ["50", "60"][len(sys.argv) - 4:])[:2])
    folder = Path(build) / "load"
    os.system(f"rm -rf '{folder}'")
    asterisk = Asterisk(int(base))
    asterisk.run("start")
    hub = Hub(program, folder, asterisk.base, PHONES, ring="20s")
    people = People(asterisk, folder / "sip")
    try:
        measure(hub, asterisk, people, rate, seconds)
    finally:
        people.leave()
        hub.stop()
        asterisk.run("stop")


def measure(hub, asterisk, people, rate, seconds):
    port = free_port("127.0.0.1")
    people.sipp("brief", "127.0.0.1", ["-p", port, "-key", "ear", 9], ring_ms=50, talk_ms=TALK_MS)
    for phone in PHONES:
        people.sipp("register", "127.0.0.1", ["-s", phone, "-au", phone, "-ap", "demo", "-key", "at", port, "-m", 1]).wait(10)
    wait("the switch is up", hub.is_up)
    hub.ready(*PHONES)
    rings, opened = {}, []

    def asterisk_says(_, payload):
        event = json.loads(payload)
        name = re.match(r"PJSIP/(\d{4})-", event["channel"]["name"])
        if name and event["channel"]["state"] == "Ringing":
            rings.setdefault(name[1], []).append(datetime.fromisoformat(event["timestamp"]).timestamp())

    def desk_message_received(now, payload):
        if b'"interaction-opened"' in payload:
            opened.append((now, json.loads(payload)["event"]["interaction"]["device"]))

    login = base64.b64encode(ARI_USER.encode()).decode()
    Socket(asterisk.base, "/ari/events?app=watch&subscribeAll=true", f"Authorization: Basic {login}", asterisk_says)
    asterisk_filter(asterisk, login)
    Socket(hub.port, "/api/v1/events", "X-Desk: 1", desk_message_received, {"type": "subscribe", "token": hub.token})
    time.sleep(1)

    pids = {"cordboard": hub.process.pid, "asterisk": asterisk.pid()}
    before, begun, calls = {name: cpu_s(pid) for name, pid in pids.items()}, time.monotonic(), rate * seconds
    caller, _ = people.caller(calls=calls, rate=rate)
    try:
        caller.wait(seconds * 2 + 30)
    except subprocess.TimeoutExpired:
        states = collections.Counter(hub.state(agent) for agent in PHONES)
        sys.exit(f"load: {hub.waiting()} calls wait, {len(asterisk.channels())} channels are there, agents are {dict(states)}")
    took = time.monotonic() - begun
    used = {name: cpu_s(pid) - before[name] for name, pid in pids.items()}
    wait("all work is over", lambda: not hub.interactions() and not hub.waiting(), 30)

    records = history(hub)
    answered = {one["interaction"]["linkage"] for one in records}
    whole = sum(one["interaction"]["state"] == "completed" and bool(one.get("completed_at")) for one in records)
    waits = hub.call("GET", "/history/waits?limit=1000")["items"]
    late = sorted(lateness(rings, opened))
    print(f"{calls} calls at {rate} a second in {took:.1f} s; SIPp: {'all' if caller.returncode == 0 else 'NOT ALL'} were served")
    print(f"history: {len(records)} records of {len(answered)} calls, {whole} complete; of the last {len(waits)} waits "
          f"{sum(not one.get('answered_by') for one in waits)} were given up")
    if late:
        at = lambda part: late[min(len(late) - 1, int(len(late) * part))]
        print(f"ringing in Asterisk to a desk's socket: {at(.5):.1f} ms median, {at(.99):.1f} ms p99, {late[-1]:.1f} ms worst, {len(late)} seen")
    print(", ".join(f"{name} {cpu / took * 100:.0f} % of a core" for name, cpu in used.items()))
    busy = [agent for agent in PHONES if hub.state(agent) == "busy"]
    if caller.returncode or busy or asterisk.channels() or not len(records) == len(answered) == calls or whole != len(records):
        sys.exit(f"load: stuck agents {busy}, channels {len(asterisk.channels())}")


def asterisk_filter(asterisk, login):
    url = f"http://127.0.0.1:{asterisk.base}/ari/applications/watch/eventFilter"
    ask_http(url, "PUT", {"allowed": [{"type": "ChannelStateChange"}]}, {"Authorization": f"Basic {login}"})


def lateness(rings, opened):
    """Milliseconds from the ringing of a phone to the message at its desk."""
    for now, device in opened:
        before = [rang for rang in rings.get(device, ()) if rang <= now + 0.001]
        if before and now - before[-1] < 5:
            yield (now - before[-1]) * 1000


if __name__ == "__main__":
    main()
