"""Agents at every kind of desk. Each desk connects again by itself when its node was away, as its product does.

`shown` returns the calls that a desk showed: the code in their data, or for MAX and CRM pages the number or ID of the interaction.
"""

import json
import sys
import threading
import time
import urllib.request
from pathlib import Path
from xml.sax.saxutils import escape

from node import CRM_ORIGIN, GROUPS, HARMONY, HARMONY_ACD_ID, HTTP, PAGE_ORIGIN, PASSWORD, UWQ, acd_id, talisma_user
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

for peer in ("uwq", "harmony"):
    sys.path.insert(0, str(Path(__file__).parent.parent / peer))
from client import Client, Phone  # noqa: E402
from ebs import Ebs  # noqa: E402

# How long a desk waits before it connects again.
PAUSE_S = 0.1
LOST = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, ValueError, EOFError, SystemExit)


class Desk:
    """An agent at a desk, in a thread of its own."""

    def __init__(self, node, agent, queue):
        self.node, self.agent, self.queue = node, agent, queue
        self.seen, self.is_over = [], False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def shown(self):
        return self.seen

    def run(self):
        while not self.is_over:
            try:
                self.work()
            except LOST:
                time.sleep(PAUSE_S)

    def sign_in(self):
        """Signs the agent in and makes it ready, unless it is already."""
        state = self.node.request("GET", f"/agents/{self.agent}")["state"]
        if state == "signed-out":
            self.node.command(self.agent, "sign-in")
        if state in ("signed-out", "not-ready"):
            self.node.command(self.agent, "ready")

    def socket(self, path, first):
        """A WebSocket whose first message has the agent's token."""
        token = self.node.request("GET", "/me", account=self.agent) and self.node.tokens[self.agent]
        socket = connect(f"ws://127.0.0.1:{HTTP}/api/v1{path}", max_size=64 << 20)
        socket.send(json.dumps(first | {"token": token}))
        return socket


class NativeDesk(Desk):
    """A program that uses the native API."""

    def work(self):
        with self.socket("/events", {"type": "subscribe"}) as socket:
            self.sign_in()
            while not self.is_over:
                message = json.loads(socket.recv(timeout=60))
                event = message.get("event", {})
                if message["type"] == "snapshot":
                    self.complete(*(one["id"] for one in message["snapshot"]["interactions"] if one.get("pops")))
                elif event.get("type") == "interaction-opened":
                    self.seen += filter(None, [event["interaction"]["data"].get("AccountCode")])
                elif event.get("type") == "popped":
                    self.seen.append(event["pop"].get("ani"))
                    self.complete(event["interaction"])

    def complete(self, *interactions):
        """Completes work that a notification began. Nothing else ends it."""
        for interaction in interactions:
            self.node.request("POST", f"/interactions/{interaction}/commands", {"verb": "complete"})


class EbsDesk(Desk):
    """Oracle EBS: callouts, and a listener for events. Its agent presses Ready after each call."""

    # How often it checks the connection. Seconds.
    CHECK_S = 1

    def __init__(self, node, agent, queue):
        super().__init__(node, agent, queue)
        self.ebs = Ebs(UWQ, agent, acd_id(agent))

    def run(self):
        super().run()
        self.ebs.leave()

    def events(self, kind):
        return [values for body, values in self.ebs.events if kind in body]

    def shown(self):
        return [values.get("AccountCode") for values in self.events("ScreenPop")]

    def work(self):
        released, checked = len(self.events("CallReleased")), time.monotonic()
        self.ebs.sign_in(self.queue)
        while not self.is_over:
            time.sleep(PAUSE_S)
            if len(self.events("CallReleased")) > released:
                released = len(self.events("CallReleased"))
                self.ebs.ask("Ready")
            elif time.monotonic() > checked + self.CHECK_S:
                checked = time.monotonic()
                self.ebs.ask("CheckStatus")


class PageDesk(Desk):
    """A page in a browser: a frame whose messages the browser carries to the node."""

    def open(self, name, frame, place):
        self.frame = frame
        socket = self.socket(f"/relay/{name}", {"type": "open"})
        socket.send(json.dumps({"type": "frame-opened", "frame": frame, "place": place, "kept": self.kept}))
        return socket

    def post(self, socket, origin, message):
        socket.send(json.dumps({"type": "posted", "frame": self.frame, "origin": origin, "message": message}))

    def posts(self, socket):
        """The messages that the node posts to the page. The browser keeps the page's state for a new connection."""
        while not self.is_over:
            message = json.loads(socket.recv(timeout=60))
            if message["type"] == "keep":
                self.kept = message["state"]
            elif message["type"] == "post":
                yield message["message"]


class MaxPage(PageDesk):
    """A page written for NICE MAX."""

    kept = None

    def work(self):
        with self.open("max", 1, "kb") as socket:
            if self.kept is None:
                register = {"messageType": "RegisterForClientEvents", "issuer": "Endurance", "subscriptionTypes": ["all"]}
                self.post(socket, PAGE_ORIGIN, register)
            self.sign_in()
            for message in self.posts(socket):
                for event in message["events"]:
                    if event.get("Type") == "CallContactEvent" and event["Status"] == "Incoming":
                        self.seen.append(int(event["ContactID"]))


class CrmPage(PageDesk):
    """The page of a CRM that embeds Avaya's connector."""

    kept = None
    CRM_DATA = {
        "callCenterSettings": {"SoftphoneOptions": {"clickToDial": "Y"}, "LogOptions": {"callLogEnabled": "Y"}},
        "currentUser": {"Id": 1, "Name": "Endurance", "Username": "endurance", "LanguageLocaleKey": "en_US"},
        "capabilities": {"name": "Endurance", "reloadsOnNavigation": True},
    }

    def answer(self, socket, action, data):
        self.post(socket, CRM_ORIGIN, {"type": "ClientAppMessage", "action": action, "data": data})

    def work(self):
        with self.open("connector", 0, "around") as socket:
            around = {"type": "around", "origin": CRM_ORIGIN, "offset_min": 0}
            socket.send(json.dumps({"type": "said", "message": around}))
            self.sign_in()
            for message in self.posts(socket):
                action, data = message["action"], message.get("data")
                if action == "ready":
                    self.answer(socket, "ready", {})
                elif action == "requestCrmData":
                    self.answer(socket, "crmData", self.CRM_DATA)
                elif action == "requestPerformInteractionScreenPop":
                    self.seen.append(data["interactionId"])


class TalismaUser(NativeDesk):
    """A user of Talisma, whose screen pops come from another system by SOAP."""

    SERVICE = f"http://127.0.0.1:{HTTP}/TalismaWebNotificationServer/PostNotification.svc"
    SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"

    def notify(self, ani):
        """Posts a notification with the number of a caller, and returns whether it was accepted."""
        properties = "".join(
            f"<d:PropertyData><d:PropertyId>{key}</d:PropertyId><d:PropertyValue>{escape(value)}</d:PropertyValue></d:PropertyData>"
            for key, value in ((2000104, ani), (2000105, self.queue)))
        body = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><o:Security xmlns:o="{self.SECURITY}"
            ><o:UsernameToken><o:Username>integration</o:Username><o:Password Type="{self.TEXT}">{PASSWORD}</o:Password
            ></o:UsernameToken></o:Security></s:Header><s:Body><PostNotification xmlns="http://tempuri.org/"><notificationRequest
            xmlns:d="http://schemas.datacontract.org/2004/07/Talisma.Web.Notification"><d:MediaType>1</d:MediaType><d:NotificationData
            ><d:ObjectId>10</d:ObjectId><d:ObjectType>20005</d:ObjectType><d:PayLoad><d:PayLoadData><d:ObjectType>26</d:ObjectType
            ><d:PropertyDataList>{properties}</d:PropertyDataList></d:PayLoadData></d:PayLoad></d:NotificationData
            ><d:UserId>{talisma_user(self.agent)}</d:UserId></notificationRequest></PostNotification></s:Body></s:Envelope>"""
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"http://tempuri.org/IPostNotification/PostNotification"'}
        request = urllib.request.Request(self.SERVICE, body.encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return b"StatusCode>0<" in response.read()


class HarmonyPhone(NativeDesk):
    """An agent whose phone is at a CTI client of Harmony, at a program that uses the native API."""

    def __init__(self, node, agent, queue):
        super().__init__(node, agent, queue)
        self.phone, self.client = Phone(HARMONY_ACD_ID, PASSWORD, agent), None
        self.customers = threading.Thread(target=self.connect_phone, daemon=True)

    def run(self):
        self.customers.start()
        super().run()

    def connect_phone(self):
        while not self.is_over:
            try:
                self.client = Client(("127.0.0.1", HARMONY), "DEMO", self.phone, lambda _: None)
                while not self.is_over and not self.client.gone:
                    time.sleep(PAUSE_S)
            except LOST:
                time.sleep(PAUSE_S)

    def call(self, number, code):
        """A customer calls the phone and hangs up when the node knows of the call. Returns whether the phone was free."""
        client, phone = self.client, self.phone
        if client is None or client.gone or phone.interaction or not phone.ready:
            return False
        known = client.done.count("conversation.query.init") + 1
        phone.ring(number, {"AccountCode": code})
        channel = {"nativeid": phone.interaction["id"], "type": "TELEPHONY"}
        try:
            client.at_the_phone(lambda after: client.tell(after, "channel", None, "channel.interaction", channel))
            client.wait("conversation.query.init", known, 10)
            client.at_the_phone(lambda after: client.end(after, list(phone.interaction["legs"])))
        finally:
            # Also when the node is gone.
            phone.interaction = None
        return True


KINDS = {
    "native": NativeDesk,
    "ebs": EbsDesk,
    "max": MaxPage,
    "crm": CrmPage,
    "talisma": TalismaUser,
    "harmony": HarmonyPhone,
}


def open_desks(node):
    """A desk for each agent of the floor, started."""
    desks = [KINDS[name](node, agent, queue) for name, (queue, agents) in GROUPS.items() for agent in agents]
    for desk in desks:
        desk.thread.start()
    return desks
