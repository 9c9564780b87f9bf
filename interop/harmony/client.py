#!/usr/bin/env python3
"""A CTI client of Harmony's processor bridge, with one phone, scripted.

Written from the protocol's document (harmony.md), not from Cordboard's code; standard library only. It connects to a bridge, lets it set up
the session of one agent, rings the agent's phone with a call, and does what the bridge asks: answer, consult, alternate, transfer. Between
two of these it drops the connection, comes back, and tells the bridge by its answers how things stand.

    client.py HOST:PORT --processor DEMO --agent 7101 --extension 1101 --script drop|plain

Writes one JSON object a line: {"way": "in"|"out", ...message} for messages, {"note": ...} for what it does by itself.
"""

import argparse
import json
import socket
import struct
import sys
import threading
import time


class Failure(Exception):
    """What a request is answered with when it is not done."""


class Phone:
    """The phone system: one phone, its call, its consult. Lives on while the connection does not."""

    def __init__(self, agent, password, extension):
        self.agent, self.password, self.extension = agent, password, extension
        self.active, self.ready, self.reason = False, False, "start"
        self.interaction = None
        self.count = 0

    def ring(self, caller, data):
        self.count += 1
        self.interaction = {
            "id": f"call-{self.count}",
            "state": "ALERTING",
            "data": dict(data),
            "legs": {"primary": self.leg("ALERTING", "INBOUND", caller)},
        }

    def leg(self, state, direction, number):
        self.count += 1
        return {"id": f"leg-{self.count}", "state": state, "direction": direction, "members": [{"id": number}]}


class Client:
    """One connection to the bridge. Objects are known by their targets, which mean nothing here."""

    def __init__(self, address, processor, phone, out):
        self.control = f"{processor}.CONTROL"
        self.phone, self.out = phone, out
        self.objects = {}
        self.ready = set()
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.settimeout(None)
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.done = []
        self.gone = False
        threading.Thread(target=self.read, daemon=True).start()

    # Frames: four bytes of length, the most significant first, then UTF-8 JSON.

    def read(self):
        try:
            while True:
                (length,) = struct.unpack(">I", self.exactly(4))
                if length:
                    self.take(json.loads(self.exactly(length).decode("utf-8")))
        except (OSError, EOFError):
            pass
        with self.changed:
            self.gone = True
            self.changed.notify_all()

    def exactly(self, count):
        parts = b""
        while len(parts) < count:
            part = self.socket.recv(count - len(parts))
            if not part:
                raise EOFError
            parts += part
        return parts

    def send(self, header, body):
        message = {"header": header, "body": body}
        self.out({"way": "out", **message})
        contents = json.dumps(message, separators=(",", ":")).encode("utf-8")
        self.socket.sendall(struct.pack(">I", len(contents)) + contents)

    def event(self, target, name, body=None):
        """Tells a change; nothing of an object whose first query was not answered."""
        if target == self.control or target in self.ready:
            self.send({"type": "cti.event", "name": name, "target": target}, body or {})

    def drop(self):
        self.out({"note": "drops the connection"})
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    # Requests and queries: each is answered, then their events follow.

    def take(self, message):
        with self.changed:
            self.out({"way": "in", **message})
            header, body = message["header"], message.get("body") or {}
            reply = {
                "type": "cti.response",
                "name": header["name"],
                "target": header["target"],
                "requestId": header["requestId"],
                "result": "SUCCESS",
            }
            after = []
            try:
                answer = self.obey(header["name"], header["target"], body, after)
            except Failure as failure:
                reply["result"], reply["errorMessage"], answer = "FAILURE", str(failure), {}
            self.send(reply, answer or {})
            if header["name"].endswith(".query.init"):
                self.ready.add(header["target"])
            for tell in after:
                tell()
            self.done.append(header["name"])
            self.changed.notify_all()

    def obey(self, name, target, body, after):
        if target == self.control:
            return self.obey_control(name, body, after)
        if target not in self.objects:
            raise Failure("unknown target")
        if name.endswith(".request.dispose"):
            self.forget(target)
            return {}
        kind, verb = name.split(".", 1)
        method = getattr(self, "obey_" + kind, None)
        if method is None:
            raise Failure("unsupported request")
        return method(verb, target, body, after)

    def obey_control(self, name, body, after):
        if name == "control.request.status":
            after.append(lambda: self.event(self.control, "control.status", {"status": "STARTED"}))
            return {}
        if name == "control.query.capabilities":
            can = {"blind-conference": False, "blind-transfer": True, "dtmf": True}
            return {"vendor": "Interop", "version": "1", "capabilities": can}
        if name == "control.query.validateagent":
            self.check(body)
            return {}
        if name == "control.query.agentinfo":
            return {"id": body["id"], "first-name": "Uma", "extension": self.phone.extension}
        if name == "control.request.createsession":
            self.check(body["agent"])
            self.create(None, "session", body)
            return {"nativeid": self.phone.agent}
        if name == "control.request.serverstatus":
            return {}
        raise Failure("unsupported request")

    def check(self, agent):
        if (agent.get("id"), agent.get("password")) != (self.phone.agent, self.phone.password):
            raise Failure("wrong credentials")

    def create(self, parent, kind, body, native=None):
        # The bridge may say the target; where it does not, it is the parent's with the id behind it.
        prefix = self.control.rsplit(".", 1)[0] if parent is None else parent
        self.objects[body.get("target") or f"{prefix}.{body['id']}"] = (kind, native, parent)

    def forget(self, target):
        for child in [child for child, (_, _, parent) in self.objects.items() if parent == target]:
            self.forget(child)
        self.objects.pop(target, None)
        self.ready.discard(target)

    def obey_session(self, verb, target, body, after):
        channel = {"end-point": self.phone.extension, "type": "TELEPHONY"}
        chat = {"end-point": "chat-1", "type": "CHAT"}
        if verb == "query.init":
            group = {"id": "group", "name": "Group", "channels": [channel, chat]}
            return {"channel-groups": [group], "channels": []}
        if verb == "request.createchannelgroup":
            return self.create(target, "channelgroup", body)
        if verb == "request.logout":
            self.phone.active = False
            self.forget(target)
            return {}
        raise Failure("unsupported request")

    def obey_channelgroup(self, verb, target, body, after):
        if verb == "query.init":
            return {
                "channels": [
                    {"end-point": self.phone.extension, "type": "TELEPHONY"},
                    {"end-point": "chat-1", "type": "CHAT"},
                ]
            }
        if verb == "request.createchannel":
            kind = "channel" if body["type"] == "TELEPHONY" else "unsupported"
            return self.create(target, kind, body)
        raise Failure("unsupported request")

    def obey_channel(self, verb, target, body, after):
        phone = self.phone
        supported = self.objects[target][0] == "channel"
        if verb == "query.init":
            if not supported:
                return {"login-state": "INACTIVE", "interactions": []}
            listed = [phone.interaction] if phone.interaction and phone.active else []
            answer = {
                "login-state": "ACTIVE" if phone.active else "INACTIVE",
                "reasons": [{"code": "lunch", "name": "Lunch"}],
                "interactions": [{"id": one["id"], "type": "TELEPHONY"} for one in listed],
            }
            if phone.active:
                state = {"state": "READY" if phone.ready else "NOT_READY", "reason": phone.reason}
                answer["agent-state"] = state
            return answer
        if not supported:
            raise Failure("unsupported request")
        if verb == "request.activate":
            phone.active = True
            after.append(lambda: self.event(target, "channel.activated"))
            return {}
        if verb == "request.ready":
            phone.ready, phone.reason = True, ""
            after.append(lambda: self.event(target, "channel.ready"))
            return {}
        if verb == "request.notready":
            phone.ready, phone.reason = False, body.get("reason", "")
            after.append(lambda: self.event(target, "channel.notready", {"reason": phone.reason}))
            return {}
        if verb == "request.createinteraction":
            if not phone.interaction or phone.interaction["id"] != body["nativeid"]:
                raise Failure("no such interaction")
            return self.create(target, "interaction", body, body["nativeid"])
        raise Failure("unsupported request")

    def obey_interaction(self, verb, target, body, after):
        one = self.phone.interaction
        if not one or one["id"] != self.objects[target][1]:
            raise Failure("no such interaction")
        legs = one["legs"]
        if verb == "query.init":
            live = one["state"] in ("ALERTING", "DIALING", "STARTED")
            shown = {name: {"id": leg["id"]} for name, leg in legs.items()} if live else {}
            return {"interaction-state": one["state"], "interaction-data": one["data"], "conversations": shown}
        if verb == "request.createconversation":
            if body["nativeid"] not in [leg["id"] for leg in legs.values()]:
                raise Failure("no such conversation")
            return self.create(target, "conversation", body, body["nativeid"])
        if verb == "request.setdata":
            for key, value in body["interaction-data"].items():
                if value is None:
                    one["data"].pop(key, None)
                else:
                    one["data"][key] = value
            data = {"interaction-data": dict(one["data"])}
            after.append(lambda: self.event(target, "interaction.datachanged", data))
            return {}
        if verb == "request.reject" and one["state"] == "ALERTING":
            self.end(after, ["primary"])
            return {}
        if verb == "request.complete":
            return {}
        if one["state"] != "STARTED":
            raise Failure("invalid state")
        if verb == "request.consult":
            legs["primary"]["state"] = "HELD"
            legs["consult"] = self.phone.leg("DIALING", "OUTBOUND", body["destination"])
            self.tell_leg(after, "primary")
            return {"nativeid": legs["consult"]["id"]}
        if "consult" not in legs:
            raise Failure("no consult conversation")
        if verb == "request.alternate":
            active, inactive = ("primary", "consult") if legs["primary"]["state"] == "TALKING" else ("consult", "primary")
            legs[active]["state"], legs[inactive]["state"] = "HELD", "TALKING"
            self.tell_leg(after, active)
            self.tell_leg(after, inactive)
            return {}
        if verb == "request.consulttransfer":
            self.end(after, ["primary", "consult"])
            return {}
        if verb == "request.consultconference":
            legs["primary"]["state"] = "TALKING"
            legs["primary"]["members"] += legs["consult"]["members"]
            self.end(after, ["consult"])
            self.tell_leg(after, "primary")
            return {}
        raise Failure("unsupported request")

    def obey_conversation(self, verb, target, body, after):
        one = self.phone.interaction or {"legs": {}}
        named = [name for name, leg in one["legs"].items() if leg["id"] == self.objects[target][1]]
        if not named:
            raise Failure("invalid state")
        name, leg = named[0], one["legs"][named[0]]
        if verb == "query.init":
            return {"conversation-state": leg["state"], "direction": leg["direction"], "members": leg["members"]}
        if verb == "request.answer" and leg["state"] == "ALERTING":
            leg["state"], one["state"] = "TALKING", "STARTED"
            self.tell_leg(after, name)
            self.tell(after, "interaction", one["id"], "interaction.started")
            return {}
        if verb == "request.release":
            self.end(after, list(one["legs"]) if name == "primary" else [name])
            return {}
        raise Failure("invalid state")

    # What happens at the phone, by a request or by itself.

    def target(self, kind, native=None):
        for target, (known, id_, _) in self.objects.items():
            if known == kind and (native is None or id_ == native):
                return target
        return None

    def tell(self, after, kind, native, name, body=None):
        after.append(lambda: self.event(self.target(kind, native), name, body))

    def tell_leg(self, after, name):
        leg = self.phone.interaction["legs"][name]
        self.tell(after, "conversation", leg["id"], "conversation." + leg["state"].lower())

    def end(self, after, names):
        one = self.phone.interaction
        for name in names:
            leg = one["legs"].pop(name)
            self.tell(after, "conversation", leg["id"], "conversation.ended")
            self.tell(after, "conversation", leg["id"], "conversation.disposed")
        if not one["legs"]:
            one["state"] = "ENDED"
            self.phone.interaction = None
            for word in ("ended", "completed", "disposed"):
                self.tell(after, "interaction", one["id"], "interaction." + word)

    def at_the_phone(self, do):
        """Lets something happen by itself, and tells it."""
        with self.changed:
            after = []
            do(after)
            for tell in after:
                tell()

    def wait(self, name, count=1, seconds=20):
        """Until the bridge has asked for something so many times."""
        with self.changed:
            seen = self.changed.wait_for(lambda: self.done.count(name) >= count or self.gone, seconds)
            if not seen or self.done.count(name) < count:
                raise SystemExit(f"the bridge did not ask for {name}")


def play(connect, phone, out, script):
    client = connect()
    client.wait("channel.request.ready")
    phone.ring("+14155550123", {"AccountCode": "A-1001"})
    client.at_the_phone(
        lambda after: client.tell(
            after, "channel", None, "channel.interaction", {"nativeid": phone.interaction["id"], "type": "TELEPHONY"}
        )
    )
    client.wait("conversation.request.answer")
    client.wait("interaction.request.consult")
    client.wait("conversation.query.init", 2)
    phone.interaction["legs"]["consult"]["state"] = "TALKING"
    client.at_the_phone(lambda after: client.tell_leg(after, "consult"))
    client.wait("interaction.request.alternate")
    if script == "drop":
        client.drop()
        time.sleep(0.5)
        client = connect()
        client.wait("conversation.query.init", 2)
        out({"note": "is back"})
    client.wait("interaction.request.consulttransfer")
    client.wait("session.request.logout")
    out({"note": "done"})
    client.drop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--processor", default="DEMO")
    parser.add_argument("--agent", default="7101")
    parser.add_argument("--password", default="demo")
    parser.add_argument("--extension", default="1101")
    parser.add_argument("--script", choices=["plain", "drop"], default="plain")
    given = parser.parse_args()
    host, port = given.address.rsplit(":", 1)

    # Two threads write, and print() would write a line and its end in two steps.
    writing = threading.Lock()

    def out(line):
        with writing:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    phone = Phone(given.agent, given.password, given.extension)
    play(lambda: Client((host, int(port)), given.processor, phone, out), phone, out, given.script)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
