"""Calls, commands and notifications at a steady rate, and a witness who reads every event."""

import itertools
import json
import threading
import time
import urllib.error

from desks import LOST, PAUSE_S, HarmonyPhone, TalismaUser, open_desks
from node import GROUPS, HTTP, Failure, until
from websockets.sync.client import connect

TALK_MS = 200


class Witness:
    """Reads the event stream over all restarts, and checks that no event is missing and none comes twice."""

    def __init__(self, node):
        self.node, self.events, self.failure, self.is_over = node, [], None, False
        self.journal, self.last = None, 0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over and not self.failure:
            try:
                self.follow()
            except Failure as failure:
                self.failure = failure
            except LOST:
                time.sleep(PAUSE_S)

    def follow(self):
        self.node.request("GET", "/me")
        after = {"journal": self.journal, "after": self.last} if self.journal else {}
        with connect(f"ws://127.0.0.1:{HTTP}/api/v1/events", max_size=64 << 20) as socket:
            socket.send(json.dumps({"type": "subscribe", "token": self.node.tokens["integration"]} | after))
            while not self.is_over:
                self.take(json.loads(socket.recv(timeout=60)))

    def take(self, message):
        if message["type"] == "snapshot":
            if self.journal:
                raise Failure(f"the node cannot continue after event {self.last}: {message.get('reason')}")
            self.journal, self.last = message["journal"], message["seq"]
        elif message["type"] == "event":
            if message["prev"] != self.last:
                raise Failure(f"event {message['seq']} follows {message['prev']}, but the witness has {self.last}")
            self.last = message["seq"]
            self.events.append(message)

    def check(self):
        if self.failure:
            raise self.failure


class Load:
    """`rate` calls and `rate` notifications a second. The calls are spread over the queues, and at the Harmony client."""

    def __init__(self, node, rate):
        self.node, self.rate = node, rate
        self.numbers = itertools.count(1)
        # The numbers in the notifications that the node accepted.
        self.notified, self.refused, self.is_paused, self.is_over = [], 0, True, False
        self.desks = open_desks(node)
        self.threads = [threading.Thread(target=self.run, args=(work,), daemon=True) for work in (self.call, self.notify)]
        for thread in self.threads:
            thread.start()

    def begin(self):
        """Starts calls, and returns the seconds until every desk has shown a new one."""
        begun, marks = time.monotonic(), [len(desk.shown()) for desk in self.desks]
        self.node.answer_calls()
        self.is_paused = False
        for desk, mark in zip(self.desks, marks):
            try:
                until("", lambda: len(desk.shown()) > mark)
            except Failure:
                agent = self.node.request("GET", f"/agents/{desk.agent}")
                raise Failure(f"{type(desk).__name__} does not show a call of agent {agent}") from None
        return time.monotonic() - begun

    def run(self, work):
        due = time.monotonic()
        while not self.is_over:
            due = max(due + 1 / self.rate, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
            if self.is_paused:
                continue
            try:
                work(next(self.numbers))
            except urllib.error.HTTPError:
                self.refused += 1
            except LOST:
                time.sleep(PAUSE_S)

    def call(self, number):
        name, (queue, _) = list(GROUPS.items())[number % len(GROUPS)]
        caller, code = f"+1415{5_550_000 + number % 10_000}", f"c{number}"
        if name == "harmony":
            next(desk for desk in self.desks if isinstance(desk, HarmonyPhone)).call(caller, code)
        else:
            self.node.call(queue, caller, code, TALK_MS)

    def notify(self, number):
        users = [desk for desk in self.desks if isinstance(desk, TalismaUser)]
        ani = f"+1212{5_550_000 + number}"
        if users[number % len(users)].notify(ani):
            self.notified.append(ani)

    def end(self):
        self.is_over = True
        for one in [*self.desks, *self.threads]:
            if hasattr(one, "is_over"):
                one.is_over = True
