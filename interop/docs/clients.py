"""Runs the clients of docs/clients/ against a node that is killed and started again. Usage: clients.py PROGRAM REPOSITORY

Each client has to write every event exactly once, across a killed node and across its own restart, and has to replace its state when the
node has another journal.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

PATIENCE_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.02)


class Node:
    """A demo that keeps its data."""

    def __init__(self, program, folder):
        self.program, self.data = program, folder / "data"
        self.environment = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
        self.url = f"http://127.0.0.1:{free_port()}"
        self.start()

    def start(self):
        ports = ["--http-port", self.url.rsplit(":", 1)[1], "--uwq-port", "0", "--harmony-port", "0", "--crm-port", "0"]
        command = [self.program, "--json", "demo", *ports, "--data", self.data]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout.readline(), "the node did not start"

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart_empty(self):
        self.kill()
        shutil.rmtree(self.data)
        self.start()

    def ask(self, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def work(self, agents):
        """Lets agents sign in, go ready and sign out; returns the number of the last event."""
        token = self.ask("/api/v1/sign-in", {"account": "integration", "password": "demo"})["token"]
        for agent in agents:
            for verb in ("sign-in", "ready", "sign-out"):
                seq = self.ask(f"/api/v1/agents/{agent}/commands", {"verb": verb}, token)["seq"]
        return seq

    def events_after(self, first, last):
        """The numbers of all events between two, from the journal."""
        command = [self.program, "--json", "tail", "--url", self.url, "--after", str(first)]
        tail = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        numbers = []
        while not numbers or numbers[-1] < last:
            message = json.loads(tail.stdout.readline())
            if message["type"] == "event":
                numbers.append(message["seq"])
        tail.kill()
        tail.wait()
        return numbers


class Client:
    """A client, and the lines that it has written over all its lives."""

    def __init__(self, command, node, folder):
        self.command = [*command, str(folder / "cursor.json")]
        self.environment = node.environment | {"CORDBOARD_URL": node.url}
        self.lines = []
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, args=(self.process,))
        self.reader.start()

    def read(self, process):
        for line in process.stdout:
            self.lines.append(json.loads(line))

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def snapshots(self):
        return [line for line in self.lines if "snapshot" in line]

    def events(self):
        return [line["seq"] for line in self.lines if "seq" in line]

    def until_event(self, seq):
        until(f"event {seq}; the last one is {self.events()[-1:]}", lambda: seq in self.events())


def check(name, command, program):
    with tempfile.TemporaryDirectory(prefix="cordboard-clients-") as folder:
        folder = Path(folder)
        node = Node(program, folder)
        client = Client(command, node, folder)
        try:
            until("the first snapshot", client.snapshots)
            first = client.snapshots()[0]
            assert first["resync"] is False and first["agents"] > 0, first
            client.until_event(node.work(["1001", "1002"]))
            # The node dies in the middle, and goes on.
            node.kill()
            node.start()
            client.until_event(node.work(["1003", "1004"]))
            # Events while the client is away.
            client.stop()
            last = node.work(["1005", "1006"])
            client.start()
            client.until_event(last)
            expected = node.events_after(first["snapshot"], last)
            assert client.events() == expected, (client.events(), expected)
            assert client.snapshots() == [first], client.snapshots()
            # Another journal.
            node.restart_empty()
            until("a snapshot of the other journal", lambda: len(client.snapshots()) == 2)
            again = client.snapshots()[1]
            assert (again["resync"], again["reason"]) == (True, "another-journal"), again
            known = len(client.events())
            last = node.work(["1001", "1002"])
            until(f"event {last} of the other journal", lambda: client.events()[known:][-1:] == [last])
            assert client.events()[known:] == node.events_after(again["snapshot"], last)
        finally:
            client.stop()
            node.kill()
    print(f"{name}: each event once, with a killed node, a restarted client and another journal", flush=True)


def main(program, repository):
    clients = Path(repository) / "docs/clients"
    check("client.mjs", ["node", "--no-warnings", "--experimental-websocket", str(clients / "client.mjs")], program)
    check("client.py", ["python3", str(clients / "client.py")], program)


main(*sys.argv[1:])
