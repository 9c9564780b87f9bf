"""The parts of a test: Asterisk, the hub, and people with phones."""

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from media import Ear

HERE = Path(__file__).parent
TIMEOUT_S = 30
ARI_USER = "cordboard:a-long-secret"


class Failure(Exception):
    """An expected condition was not met in time."""


def wait(what, found, timeout=TIMEOUT_S):
    """Polls until a value is found, and returns it."""
    end = time.monotonic() + timeout
    while True:
        result = found()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {timeout} s")
        time.sleep(0.05)


def ask_http(url, method="GET", body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | (headers or {}), method=method)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        text = response.read()
        return json.loads(text) if text else None


class Asterisk:
    """A running rig."""

    def __init__(self, base):
        self.base = base
        self.run("setup")
        self.folder = Path(self.run("folder").strip())

    def run(self, verb):
        done = subprocess.run([HERE / "rig", verb, str(self.base)], stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise Failure(f"rig {verb} failed")
        return done.stdout

    def ari(self, path, method="GET"):
        login = base64.b64encode(ARI_USER.encode()).decode()
        return ask_http(f"http://127.0.0.1:{self.base}/ari{path}", method, headers={"Authorization": f"Basic {login}"})

    def channels(self):
        """All channels except internal ones of Asterisk, such as music and recorders."""
        return [one for one in self.ari("/channels") if one["name"].startswith("PJSIP/")]

    def pid(self):
        return int((self.folder / "pid").read_text())


class Relay:
    """A proxy between the hub and Asterisk's ARI that can cut the connection."""

    def __init__(self, port):
        self.to, self.open, self.is_cut = ("127.0.0.1", port), set(), False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                if self.is_cut:
                    raise OSError("cut")
                far = socket.create_connection(self.to)
            except OSError:
                near.close()
                continue
            self.open |= {near, far}
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            self.end(end)

    def end(self, one):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.open.discard(one)

    def cut(self, seconds):
        self.is_cut = True
        for one in list(self.open):
            self.end(one)
        time.sleep(seconds)
        self.is_cut = False


def tcp_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Hub:
    """A node whose agents have phones at the rig."""

    def __init__(self, program, folder, ari_port, agents, answer="at-phone", ring="6s", more=""):
        self.program, self.folder, self.agents, self.process = program, folder, agents, None
        self.port, self.uwq = tcp_port(), tcp_port()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "password").write_text("a-long-secret\n")
        (folder / "cordboard.toml").write_text(f"""
            http.listen = "127.0.0.1:{self.port}"
            store.path = "data"
            floor.file = "floor.toml"
            uwq.telephony.listen = "127.0.0.1:{self.uwq}"
            [[ari]]
            id = "asterisk"
            server = "127.0.0.1:{ari_port}"
            password_file = "password"
            trunk = "PJSIP/{{number}}@trunk"
            caller_id = "+14155550199"
            data = ["account"]
            answer = "{answer}"
            {more}
        """)
        agent = '[[agents]]\nid = "{0}"\nname = "{0}"\nswitch = "asterisk"\nqueues = ["7700"]\npassword = "demo"\n'
        (folder / "floor.toml").write_text(
            f'country = "US"\n[[queues]]\nid = "7700"\nname = "support"\nring = "{ring}"\n[[queues]]\nid = "7710"\nname = "sales"\n'
            + "".join(agent.format(one) for one in agents)
            + '[[accounts]]\nname = "integration"\nrole = "integration"\npassword = "demo"\n')
        self.start()

    def start(self):
        command = [self.program, "serve", "--config", self.folder / "cordboard.toml"]
        log = open(self.folder / "log", "a")
        environment = os.environ | {"CORDBOARD_LOG__LEVEL": os.environ.get("CORDBOARD_LOG__LEVEL", "info")}
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        wait("the hub is ready", self.is_ready, 30)
        self.token = self.call("POST", "/sign-in", {"account": "integration", "password": "demo"})["token"]

    def is_ready(self):
        if self.process.poll() is not None:
            sys.exit(f"the hub ended at once, see {self.folder}/log")
        try:
            ask_http(f"http://127.0.0.1:{self.port}/readyz")
            return True
        except (urllib.error.URLError, ValueError, OSError):
            return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(TIMEOUT_S)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def call(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        try:
            return ask_http(f"http://127.0.0.1:{self.port}/api/v1{path}", method, body, headers)
        except urllib.error.HTTPError as error:
            raise Failure(f"{method} {path} {body}: {error.read().decode()}") from error

    def ask(self, agent, verb, **rest):
        return self.call("POST", f"/agents/{agent}/commands", {"verb": verb} | rest)

    def is_up(self):
        return all(switch["up"] for switch in self.call("GET", "/switches")["items"])

    def interactions(self):
        """Interactions with a call."""
        live = ("alerting", "dialing", "started")
        return [one for one in self.call("GET", "/interactions")["items"] if one["state"] in live]

    def work(self, agent):
        """The states of an agent's interaction and its legs; None if there is no interaction."""
        for one in self.interactions():
            if one["agent"] == agent:
                legs = {leg: one[leg]["state"] for leg in ("primary", "consult") if one.get(leg)}
                return one["state"], legs.get("primary"), legs.get("consult")
        return None

    def state(self, agent):
        return self.call("GET", f"/agents/{agent}")["state"]

    def waiting(self, queue="7700"):
        queues = self.call("GET", "/queues")["items"]
        return next(len(one["waiting"]) for one in queues if one["id"] == queue)

    def history(self):
        return self.call("GET", "/history/interactions?limit=1000")["items"]

    def ready(self, *agents):
        for agent in agents:
            if self.state(agent) == "signed-out":
                self.ask(agent, "sign-in")
            if self.state(agent) != "ready":
                self.ask(agent, "ready")

    def home(self):
        for agent in self.agents:
            if self.state(agent) != "signed-out":
                self.ask(agent, "sign-out")


class People:
    """All parties with a phone. Each one is a SIPp process."""

    def __init__(self, asterisk, folder):
        self.asterisk, self.folder, self.running, self.count = asterisk, folder, [], 0
        folder.mkdir(parents=True, exist_ok=True)

    def sipp(self, scenario, host, arguments, **fill):
        text = (HERE / "sip" / f"{scenario}.xml").read_text()
        for name, value in fill.items():
            text = text.replace(f"@{name.upper()}@", str(value))
        self.count += 1
        file = self.folder / f"{scenario}-{self.count}.xml"
        file.write_text(text)
        command = ["sipp", f"127.0.0.1:{self.asterisk.base + 1}", "-sf", file, "-i", host, "-trace_err", "-nostdin", *map(str, arguments)]
        log = open(self.folder / f"{scenario}-{self.count}.log", "w")
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.running.append(process)
        return process

    def phone(self, number, tone=0, scenario="phone", ring_ms=300, calls=0):
        """Registers an agent's phone. Returns its audio endpoint, if it has one."""
        port = free_port("127.0.0.1")
        ear = Ear("127.0.0.1", tone) if tone else None
        limit = ["-m", calls] if calls else []
        self.sipp(scenario, "127.0.0.1", ["-p", port, "-key", "ear", ear.port if ear else 9, *limit], ring_ms=ring_ms)
        register = ["-s", number, "-au", number, "-ap", "demo", "-key", "at", port, "-m", 1]
        if self.sipp("register", "127.0.0.1", register).wait(TIMEOUT_S):
            raise Failure(f"phone {number} could not register")
        return ear

    def outside(self, tone, ring_ms=300):
        """The party outside that is called."""
        ear = Ear("127.0.0.2", tone)
        self.sipp("phone", "127.0.0.2", ["-p", self.asterisk.base + 2, "-key", "ear", ear.port], ring_ms=ring_ms)
        return ear

    def caller(self, tone=0, to="7700", number="14155550100", talk_ms=120_000, calls=1, rate=20):
        """Somebody outside who calls. Gives the process and the ear."""
        ear = Ear("127.0.0.2", tone) if tone else None
        arguments = ["-s", to, "-key", "from", number, "-key", "ear", ear.port if ear else 9, "-m", calls, "-r", rate]
        return self.sipp("caller", "127.0.0.2", ["-p", free_port("127.0.0.2"), *arguments], talk_ms=talk_ms), ear

    def dials(self, number, to, tone=0, talk_ms=120_000):
        """A phone that dials by hand."""
        ear = Ear("127.0.0.1", tone) if tone else None
        arguments = ["-s", to, "-key", "from", number, "-au", number, "-ap", "demo", "-key", "ear", ear.port if ear else 9]
        return self.sipp("dials", "127.0.0.1", ["-p", free_port("127.0.0.1"), "-m", 1, *arguments], talk_ms=talk_ms), ear

    def leave(self, processes=None):
        """Ends those who are still there."""
        for process in processes if processes is not None else self.running:
            if process.poll() is None:
                process.kill()
                process.wait()


def free_port(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((host, 0))
        return free.getsockname()[1]
