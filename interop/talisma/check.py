"""Has SOAP clients notify a node, and looks at what they were told and at what the agent was shown.

Then has a node tell a SOAP server of a call. Usage: check.py PROGRAM BUILD-FOLDER
"""

import asyncio
import json
import os
import select
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import requests
import websockets
import zeep
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

PROGRAM, BUILD = sys.argv[1:3]
SERVICE = "/TalismaWebNotificationServer/PostNotification.svc"
USER_PORTS = {"1.1": "BasicHttpBinding_IPostNotification", "1.2": "WSHttpBinding_IPostNotification"}
TIMEOUT_S = 30


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def started(command, **environment):
    """A process that says a line of JSON when it is ready; ends with the block."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    try:
        line = process.stdout.readline()
        if not line:
            sys.exit(f"interop: {command[0]} ended before it was ready")
        yield process, json.loads(line)
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def read_line(process):
    """A line of its output, or the end of the test."""
    ready, _, _ = select.select([process.stdout], [], [], TIMEOUT_S)
    if not ready:
        sys.exit(f"interop: {process.args[0]} said nothing within {TIMEOUT_S} s")
    return process.stdout.readline()


def node(**environment):
    ports = ["--http-port", str(free_port()), "--uwq-port", "0", "--harmony-port", "0", "--crm-port", "0"]
    return started([PROGRAM, "--json", "demo", "--wrap-up", "0s", *ports], **environment)


def call(address, method, path, body, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(
        f"http://{address}/api/v1{path}", json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        return json.loads(response.read() or "null")


def sign_in(address, account):
    return call(address, "POST", "/sign-in", {"account": account, "password": "demo"})["token"]


def go_to_work(address, token):
    call(address, "POST", "/agents/1001/commands", {"verb": "sign-in"}, token)


# Clients: each calls with the article's sample and gives the result.

def zeep_call(wsdl, ani, auth, version):
    session = requests.Session()
    session.trust_env = False
    if auth == "basic":
        session.auth = ("integration", "demo")
    now = datetime.now(timezone.utc)
    moment = lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ")
    stamp = WSU.Timestamp(WSU.Created(moment(now)), WSU.Expires(moment(now + timedelta(minutes=5))))
    token = UsernameToken("integration", "demo", timestamp_token=stamp)
    client = zeep.Client(wsdl, transport=zeep.Transport(session=session), wsse=token if auth == "wsse" else None)
    service = client.bind("PostNotificationService", USER_PORTS[version])
    properties = [{"PropertyId": 2000104, "PropertyValue": ani}, {"PropertyId": 2000105, "PropertyValue": "7700"}]
    answer = service.PostNotification(notificationRequest={
        "UserId": 2, "MediaType": 1, "NotificationData": {
            "ObjectType": 20005, "ObjectId": 10, "AccountId": -1, "CaseId": -1, "IsLogCaseMandatory": True,
            "ScriptId": -1, "SessionId": -1, "ChangeInteractionNotes": zeep.xsd.Nil, "CreatePreview": zeep.xsd.Nil,
            "CustomList": {"CustomData": [{"Key": "Key", "Value": "value"}]},
            "PayLoad": {"PayLoadData": [{"ObjectType": 26, "PropertyDataList": {"PropertyData": properties}}]},
        }})
    return {"StatusCode": answer.StatusCode, "JsonString": answer.JsonString}


def node_call(script):
    def called(wsdl, ani, auth, version):
        command = ["node", os.path.join(BUILD, script), wsdl, ani, auth, version]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
        if done.returncode != 0:
            sys.exit(f"interop: {script} {auth} {version} failed: {done.stderr}")
        return json.loads(done.stdout)
    return called


CLIENTS = {
    "zeep": zeep_call,
    "soap": node_call("call-soap.js"),
    "strong-soap": node_call("call-strong-soap.js"),
}


def check_result(name, result, ani):
    assert int(result["StatusCode"]) == 0, f"{name}: {result}"
    effective = json.loads(result["JsonString"])
    data = effective["NotificationData"]
    assert effective["UserId"] == 2 and data["ObjectType"] == 20005 and data["ObjectId"] == 10, f"{name}: {effective}"
    assert data["SessionId"] > 0 and effective["Warnings"] == [], f"{name}: {effective}"
    assert data["PayLoad"][0]["PropertyDataList"][0] == {"PropertyId": 2000104, "PropertyValue": ani}, f"{name}: {data}"


async def next_event(events, wanted):
    while True:
        message = json.loads(await asyncio.wait_for(events.recv(), TIMEOUT_S))
        if message["type"] == "event" and message["event"]["type"] == wanted:
            return message["event"]


def check_pop(name, event, ani):
    assert event["agent"] == "1001", f"{name}: {event}"
    assert event["pop"] == {
        "record": {"type": "20005", "id": "10"},
        "resolve": [{"key": "Key", "value": "value"}],
        "ani": ani,
        "dialled": "7700",
        "log_required": True,
        "data": {"ani": ani, "dni": "7700"},
    }, f"{name}: {event['pop']}"


async def check_clients(address):
    token = sign_in(address, "1001")
    go_to_work(address, token)
    wsdl = f"http://{address}{SERVICE}?wsdl"
    async with websockets.connect(f"ws://{address}/api/v1/events") as events:
        await events.send(json.dumps({"type": "subscribe", "token": token}))
        number = 14155550100
        for client, called in CLIENTS.items():
            for auth in ("wsse", "basic"):
                for version in ("1.1", "1.2"):
                    name, ani = f"{client} {auth} {version}", f"+{number}"
                    number += 1
                    result = await asyncio.to_thread(called, wsdl, ani, auth, version)
                    check_result(name, result, ani)
                    check_pop(name, await next_event(events, "popped"), ani)
                    print(f"interop: {name}: StatusCode 0, the agent was shown the record")
    save_wsdl(wsdl)


def check_faults(address):
    client = zeep.Client(f"http://{address}{SERVICE}?singleWsdl", wsse=UsernameToken("integration", "wrong"))
    try:
        client.service.PostNotification(notificationRequest={"UserId": 2, "MediaType": 1})
    except zeep.exceptions.Fault as fault:
        assert fault.code.endswith("FailedAuthentication"), fault.code
    else:
        sys.exit("interop: a wrong password was taken")
    client = zeep.Client(f"http://{address}{SERVICE}?singleWsdl", wsse=UsernameToken("integration", "demo"))
    answer = client.service.PostNotification(notificationRequest={"UserId": 2, "MediaType": 1})
    assert (answer.StatusCode, answer.ErrorMessage) == (-2, "NotificationData is required."), answer
    print("interop: zeep understands faults and refusals")


def check_members(address):
    """Members may be left out, and those that may be nil may be nil."""
    client = zeep.Client(f"http://{address}{SERVICE}?singleWsdl", wsse=UsernameToken("integration", "demo"))
    nil = dict.fromkeys(["ChangeInteractionNotes", "CreatePreview", "CustomList", "PayLoad"], zeep.xsd.Nil)
    for more in ({}, nil):
        data = {"ObjectType": 3, "ObjectId": 57} | more
        request = {"UserId": 2, "MediaType": 1, "NotificationData": data}
        answer = client.service.PostNotification(notificationRequest=request)
        effective = json.loads(answer.JsonString)["NotificationData"]
        assert answer.StatusCode == 0 and effective["ObjectId"] == 57, answer
        assert not effective.get("CustomList") and not effective.get("PayLoad"), effective
    request = {"UserId": 2, "MediaType": 1, "NotificationData": zeep.xsd.Nil}
    assert client.service.PostNotification(notificationRequest=request).StatusCode == -2
    print("interop: zeep leaves members out, and sends them as nil")


def check_credentials(address):
    """The WSDL announces HTTP Basic, paths are valid in any letter case, and a digest needs a configured password."""
    lower = f"http://{address}{SERVICE}".lower()
    with urllib.request.urlopen(lower + "?WSDL", timeout=TIMEOUT_S) as response:
        assert b"BasicAuthentication" in response.read()
    binding = "{http://tempuri.org/}BasicHttpBinding_IPostNotification"
    request = {"UserId": 2, "MediaType": 1, "NotificationData": {"ObjectType": 3, "ObjectId": 57}}
    client = zeep.Client(lower + "?wsdl", wsse=UsernameToken("integration", "demo"))
    answer = client.create_service(binding, lower).PostNotification(notificationRequest=request)
    assert answer.StatusCode == 0, answer
    client = zeep.Client(lower + "?wsdl", wsse=UsernameToken("integration", "demo", use_digest=True))
    try:
        client.create_service(binding, lower).PostNotification(notificationRequest=request)
    except zeep.exceptions.Fault as fault:
        assert fault.code.endswith("InvalidSecurity") and "talisma.desk.digests" in fault.message, fault
    else:
        sys.exit("interop: a digest was accepted")
    print("interop: zeep uses a path in lower case, and learns why its digest is refused")


def save_wsdl(wsdl):
    with urllib.request.urlopen(wsdl, timeout=TIMEOUT_S) as response:
        text = response.read().decode()
    with open(os.path.join(BUILD, "service.wsdl"), "w") as file:
        file.write(text)


def check_server():
    """Our telephony end against a server that others wrote."""
    port = free_port()
    files = [os.path.join(BUILD, name) for name in ("serve-soap.js", "service.wsdl")]
    with started(["node", *files, str(port), "crm-user", "crm-password"]) as (server, _):
        environment = {
            "CORDBOARD_TALISMA__TELEPHONY__URL": f"http://127.0.0.1:{port}{SERVICE}",
            "CORDBOARD_TALISMA__TELEPHONY__USER": "crm-user",
            "CORDBOARD_TALISMA__TELEPHONY__PASSWORD": "crm-password",
        }
        with node(**environment) as (_, said):
            address = said["http"]
            token = sign_in(address, "1001")
            go_to_work(address, token)
            call(address, "POST", "/agents/1001/commands", {"verb": "ready"}, token)
            supervisor = sign_in(address, "integration")
            call(address, "POST", "/simulated/calls", {"from": "+14155550199", "to": "7700"}, supervisor)
            request = json.loads(read_line(server))
    assert int(request["UserId"]) == 2 and int(request["MediaType"]) == 1, request
    properties = request["NotificationData"]["PayLoad"]["PayLoadData"]
    properties = properties[0] if isinstance(properties, list) else properties
    values = {int(one["PropertyId"]): one["PropertyValue"] for one in properties["PropertyDataList"]["PropertyData"]}
    assert values[2000104] == "+14155550199" and values[2000105] == "7700", values
    print("interop: npm soap was told of a call that rings")


def main():
    with node() as (_, said):
        asyncio.run(check_clients(said["http"]))
        check_members(said["http"])
        check_faults(said["http"])
        check_credentials(said["http"])
    check_server()


main()
