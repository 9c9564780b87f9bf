"""What has to be true when a node has come to rest."""

from node import Failure, until


def settled(node):
    """Whether all work is complete and no caller waits."""
    waiting = [one for queue in node.request("GET", "/queues")["items"] for one in queue["waiting"]]
    return not waiting and not node.request("GET", "/interactions")["items"]


def check_end(node, load, witness):
    until("all calls are over", lambda: settled(node))
    last = node.request("GET", "/snapshot")["seq"]
    until("the witness has every event", lambda: witness.failure or witness.last >= last)
    witness.check()
    opened = [event["event"]["interaction"] for event in witness.events if event["event"]["type"] == "interaction-opened"]
    known = {one["data"].get("AccountCode") for one in opened} | {one["number"] for one in opened} | {one["id"] for one in opened}
    popped = {event["event"]["pop"].get("ani") for event in witness.events if event["event"]["type"] == "popped"}
    for desk in load.desks:
        lost = [one for one in desk.shown() if one not in known and one not in popped]
        if lost:
            raise Failure(f"{type(desk).__name__} of agent {desk.agent} showed {lost[:3]}, which the journal does not have")
    lost = [ani for ani in load.notified if ani not in popped]
    if lost:
        raise Failure(f"{len(lost)} accepted notifications are lost: {lost[:3]}")
    records = [one["interaction"]["id"] for one in node.history()]
    if sorted(records) != sorted(one["id"] for one in opened):
        raise Failure(f"{len(opened)} interactions were opened, and the history has {len(records)}, {len(set(records))} of them different")
    return len(opened)
