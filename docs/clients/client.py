"""Follows the events of a Cordboard node. After a lost connection it connects again and misses nothing.

Needs Python 3.9 or newer and the package `websockets` (15 or newer).

    CORDBOARD_URL=http://127.0.0.1:8080 ACCOUNT=integration PASSWORD=demo python3 client.py cursor.json
"""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

URL = os.environ.get("CORDBOARD_URL", "http://127.0.0.1:8080")
ACCOUNT = os.environ.get("ACCOUNT", "integration")
PASSWORD = os.environ.get("PASSWORD", "demo")
FILE = sys.argv[1] if len(sys.argv) > 1 else "cursor.json"

# The longest pause before the next attempt. Seconds.
PAUSE_MAX_S = 10
# The largest message: a snapshot of a large floor. Bytes.
MESSAGE_MAX = 64 << 20


class Lost(Exception):
    """The connection cannot be used any longer."""


# What your program does with events. Write the result and the cursor together, in one transaction, where you can.


def replace_state(snapshot, resync, reason):
    """The state is new: the first start, or the server cannot continue after the cursor. Replace everything that you have."""
    line = {"snapshot": snapshot["seq"], "agents": len(snapshot["agents"]), "resync": resync, "reason": reason}
    print(json.dumps(line), flush=True)


def apply_event(seq, event):
    """The next event. Called once for each event."""
    print(json.dumps({"seq": seq, "type": event["type"]}), flush=True)


class Client:
    def __init__(self):
        self.token = None
        # The cursor: the journal, and the last event that was applied. It survives a restart of this program.
        self.cursor = None
        try:
            with open(FILE) as file:
                self.cursor = json.load(file)
        except FileNotFoundError:
            pass

    def write_cursor(self, journal, seq):
        with open(f"{FILE}.part", "w") as file:
            json.dump({"journal": journal, "seq": seq}, file)
        os.replace(f"{FILE}.part", FILE)
        self.cursor = {"journal": journal, "seq": seq}

    def sign_in(self):
        """Signs in. A token is valid for twelve hours and survives a restart of the server."""
        body = json.dumps({"account": ACCOUNT, "password": PASSWORD}).encode()
        request = urllib.request.Request(f"{URL}/api/v1/sign-in", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["token"]

    def follow(self):
        """Connects once and returns when the connection has ended: `True` if it delivered anything."""
        delivered = False
        try:
            self.token = self.token or self.sign_in()
            with connect(URL.replace("http", "ws", 1) + "/api/v1/events", max_size=MESSAGE_MAX) as socket:
                subscription = {"type": "subscribe", "token": self.token}
                if self.cursor:
                    subscription |= {"journal": self.cursor["journal"], "after": self.cursor["seq"]}
                socket.send(json.dumps(subscription))
                for text in socket:
                    self.receive(json.loads(text))
                    delivered = True
        except (OSError, urllib.error.URLError, ConnectionClosed, InvalidHandshake, Lost) as error:
            print(error, file=sys.stderr, flush=True)
        return delivered

    def receive(self, message):
        kind = message["type"]
        if kind == "snapshot":
            replace_state(message["snapshot"], message["resync"], message.get("reason"))
            self.write_cursor(message["journal"], message["seq"])
        elif kind == "event":
            # `prev` is the event that was delivered before this one. Another number is a gap: connect again.
            if message["prev"] != self.cursor["seq"]:
                raise Lost(f"event {message['seq']} follows {message['prev']}, not {self.cursor['seq']}")
            apply_event(message["seq"], message["event"])
            self.write_cursor(self.cursor["journal"], message["seq"])
        elif kind == "error":
            if message["code"] == "unauthenticated":
                self.token = None  # Sign in again.
            raise Lost(f"{message['code']}: {message.get('detail', message['title'])}")
        # `resumed` needs no action: the events that were missed follow. A later version of the server can have more types.


def main():
    client, failures = Client(), 0
    while True:
        failures = 0 if client.follow() else failures + 1
        # Half a second, then twice as long each time. The random part keeps many clients from coming back together.
        time.sleep(min(0.5 * 2**failures, PAUSE_MAX_S) * random.uniform(0.5, 1))


if __name__ == "__main__":
    main()
