"""A node with its configuration, its floor and its calls, and what its process uses."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

HTTP, UWQ, HARMONY = 18080, 13107, 17850
PATIENCE_S = 60
PASSWORD = "demo"
HARMONY_ACD_ID = "8101"
PAGE_ORIGIN, CRM_ORIGIN = "https://pages.example", "https://crm.example"

# The queue and the agents of each kind of desk.
GROUPS = {
    "native": ("7701", ["1001", "1002", "1003"]),
    "ebs": ("7702", ["1011", "1012", "1013"]),
    "max": ("7703", ["1021", "1022", "1023"]),
    "crm": ("7704", ["1031", "1032", "1033"]),
    "talisma": ("7705", ["1041", "1042", "1043"]),
    "harmony": ("7706", ["1101"]),
}

CONFIGURATION = f"""
http.listen = "127.0.0.1:{HTTP}"
store.path = "data"
floor.file = "floor.toml"
crm_connector.telephony = {{}}
max.telephony = {{}}
talisma.desk = {{}}
simulated = {{}}
uwq.telephony.listen = "127.0.0.1:{UWQ}"
[[harmony.desk]]
id = "harmony"
listen = "127.0.0.1:{HARMONY}"
agents = [{{ acd_id = "{HARMONY_ACD_ID}", password = "{PASSWORD}" }}]
"""


class Failure(Exception):
    """A promise that the node did not keep."""


def until(what, condition, seconds=PATIENCE_S):
    """Waits for a condition and returns its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def acd_id(agent):
    return str(int(agent) + 7000)


def talisma_user(agent):
    return int(agent)


def floor():
    text = f'country = "US"\nwrap_up = "0s"\ncrm_origins = ["{CRM_ORIGIN}"]\n'
    text += f'[[pages]]\nid = "kb"\ntitle = "Knowledge base"\nurl = "{PAGE_ORIGIN}/kb"\nplace = "workspace"\n'
    for name, (queue, agents) in GROUPS.items():
        text += f'[[queues]]\nid = "{queue}"\nname = "{name}"\nring = "10s"\nwrap_up = "0s"\n'
    for name, (queue, agents) in GROUPS.items():
        switch = "harmony" if name == "harmony" else "simulated"
        for agent in agents:
            text += f'[[agents]]\nid = "{agent}"\nname = "{agent}"\nswitch = "{switch}"\nqueues = ["{queue}"]\n'
            code = HARMONY_ACD_ID if name == "harmony" else acd_id(agent)
            text += f'acd_id = "{code}"\npeer_ids.talisma = "{talisma_user(agent)}"\npassword = "{PASSWORD}"\n'
    for account, role in (("integration", "integration"), ("admin", "admin")):
        text += f'[[accounts]]\nname = "{account}"\nrole = "{role}"\npassword = "{PASSWORD}"\n'
    return text


class Node:
    """A node in a folder. After a kill it starts again with the same data."""

    def __init__(self, program, folder):
        self.program, self.folder, self.process, self.tokens = program, folder, None, {}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cordboard.toml").write_text(CONFIGURATION)
        (folder / "floor.toml").write_text(floor())

    def start(self):
        """Starts the process and returns the seconds until it is ready."""
        with open(self.folder / "log", "a") as log:
            command = [self.program, "serve", "--config", self.folder / "cordboard.toml"]
            begun = time.monotonic()
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until("the node is ready", self.is_ready)
        return time.monotonic() - begun

    def is_ready(self):
        if self.process.poll() is not None:
            raise Failure(f"the node ended with status {self.process.returncode}, see {self.folder}/log")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{HTTP}/readyz", timeout=PATIENCE_S).read()
            return True
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)

    def request(self, method, path, body=None, account="integration"):
        """A request to the API, with the token of an account. Tokens survive a restart."""
        if account not in self.tokens:
            self.tokens[account] = self.send("POST", "/sign-in", {"account": account, "password": PASSWORD}, {})["token"]
        return self.send(method, path, body, {"Authorization": f"Bearer {self.tokens[account]}"})

    def send(self, method, path, body, headers):
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{HTTP}/api/v1{path}"
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            return json.loads(response.read() or "null")

    def command(self, agent, verb, **more):
        return self.request("POST", f"/agents/{agent}/commands", {"verb": verb} | more)

    def call(self, queue, number, code, talk_ms):
        body = {"from": number, "to": queue, "talk_ms": talk_ms, "data": {"AccountCode": code}}
        self.request("POST", "/simulated/calls", body)

    def answer_calls(self):
        """Lets the simulated phones answer. The simulated switch forgets this when the node ends."""
        for name, (_, agents) in GROUPS.items():
            for agent in agents if name != "harmony" else []:
                self.request("POST", f"/simulated/phones/{agent}", {"action": "auto"})

    def history(self):
        """Every record of the history, the newest first."""
        records, before = [], ""
        while True:
            page = self.request("GET", f"/history/interactions?limit=1000{before}")
            records += page["items"]
            if not page.get("next"):
                return records
            before = f"&before={page['next']}"

    def check_store(self):
        """Checks the store of a node that is not running."""
        command = [self.program, "store", "check", self.folder / "data"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        if done.returncode:
            raise Failure(f"the store is damaged: {done.stdout}{done.stderr}")

    def uses(self):
        """What the process uses: memory in KiB, open files, threads."""
        status = dict(line.split(":", 1) for line in open(f"/proc/{self.process.pid}/status") if ":" in line)
        files = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        return int(status["VmRSS"].split()[0]), files, int(status["Threads"])
