"""Oracle EBS as an agent's desk: it sends callouts, and receives events at a listener."""

import threading
import urllib.parse
import urllib.request
import xml.etree.ElementTree as xml
from http.server import BaseHTTPRequestHandler, HTTPServer

TIMEOUT_S = 30


class Ebs:
    """One agent's EBS client. `acd_id` is the agent's ID at the ACD, if it is not the number of the phone."""

    def __init__(self, port, agent, acd_id=None):
        self.port, self.agent, self.acd_id, self.events = port, agent, acd_id or agent, []
        events = self.events

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                root = xml.fromstring(body)
                values = {one.get("name"): one.get("value") for one in root.iter() if one.get("name")}
                events.append((body.decode(), values))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.listener = HTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def ask(self, function, **more):
        line = {"FunctionName": function, "telesetNumber": self.agent, "agentID": self.acd_id}
        query = urllib.parse.urlencode(line | more)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/?{query}", timeout=TIMEOUT_S) as response:
            answer = response.read().decode()
        if "Error" in answer:
            raise ValueError(f"{function}: {answer}")

    def sign_in(self, queue="7700"):
        self.ask("Register", ipAddress="127.0.0.1", port=self.listener.server_address[1])
        self.ask("Login", agentPassword="demo", agentQueue=queue)
        self.ask("Ready")

    def told(self):
        """The types of the events so far, in order."""
        kinds = ("ScreenPop", "CallEstablished", "CallReleased")
        return [next((kind for kind in kinds if kind in body), body) for body, _ in self.events]

    def leave(self):
        self.listener.shutdown()
