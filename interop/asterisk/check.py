"""Tests a hub with a real Asterisk, phones and callers: what the hub reports, and what each party hears.

Usage: check.py PROGRAM BUILD-FOLDER PORT-BASE [SCENARIO...]
"""

import os
import subprocess
import sys
import time
import wave
from pathlib import Path

from rig import HERE, Asterisk, Failure, Hub, People, Relay, wait

sys.path.insert(0, str(HERE.parent / "uwq"))
from ebs import Ebs  # noqa: E402

ANN, BEN, CLEO = "1001", "1002", "1003"
CALLER, FIRST, SECOND, OUTSIDE, MUSIC = 700, 1100, 1500, 1900, 440
PLACE_1, PLACE_2 = 2300, 2700


class Bench:
    """The environment of a scenario."""

    def __init__(self, hub, asterisk, people, ears, relay):
        self.hub, self.asterisk, self.people, self.ears, self.relay = hub, asterisk, people, ears, relay

    def expect(self, agent, *states):
        """Waits until an agent's work has these states: interaction, primary leg, consult leg."""
        wanted = (*states, None, None)[:3] if states else None
        seen = []

        def is_so():
            seen[:] = [self.hub.work(agent)]
            return seen[0] == wanted

        try:
            wait("", is_so)
        except Failure:
            raise Failure(f"agent {agent}: expected {wanted}, is {seen[0]}") from None

    def hears(self, who, *tones, but=()):
        """Waits until a party hears some tones and does not hear others."""
        who.forget()
        heard = lambda: {tone: who.hears(tone) for tone in (*tones, *but)}
        wanted = {tone: tone in tones for tone in (*tones, *but)}
        try:
            wait("", lambda: heard() == wanted, 5)
        except Failure:
            raise Failure(f"{who.tone} hears {heard()}, expected {wanted}, {who.received} packets") from None

    def call_comes(self, tone=CALLER, **how):
        """A caller calls and waits."""
        caller, ear = self.people.caller(tone, **how)
        return caller, ear

    def answered(self, agent=ANN):
        """Connects a call to an agent."""
        self.hub.ready(agent)
        caller, ear = self.call_comes()
        self.expect(agent, "started", "talking")
        return caller, ear

    def over(self):
        """Checks that no call is left in the hub or in Asterisk."""
        wait("all channels are gone", lambda: not self.asterisk.channels())
        wait("all work is over", lambda: not self.hub.interactions())
        wait("nobody waits", lambda: not self.hub.waiting())
        bridges = lambda: [one["id"] for one in self.asterisk.ari("/bridges") if one["id"].startswith("cordboard-call-")]
        wait("no bridge of a call is left", lambda: not bridges())
        for agent in self.hub.agents:
            if self.hub.state(agent) == "busy":
                raise Failure(f"agent {agent} is stuck busy")


def through_the_queue(bench):
    """A call waits with music and is answered; both parties hear each other; the data is there; the phone hangs up."""
    caller, ear = bench.call_comes()
    wait("the call waits", lambda: bench.hub.waiting() == 1)
    bench.hears(ear, MUSIC)
    bench.hub.ready(ANN)
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, but=[MUSIC])
    bench.hears(bench.ears[ANN], CALLER)
    [one] = bench.hub.interactions()
    if one.get("data") != {"account": "0100"} or one.get("queue") != "7700":
        raise Failure(f"the interaction has data {one.get('data')} and queue {one.get('queue')}")
    bench.hub.ask(ANN, "mute", on=True)
    bench.hears(ear, but=[FIRST])
    bench.hub.ask(ANN, "mute", on=False)
    bench.hears(ear, FIRST)
    bench.hub.ask(ANN, "hang-up")
    caller.wait(10)


def hears_position(bench):
    """Two callers wait and hear their positions with music in between; when the first leaves, the second becomes the first."""
    first, ear = bench.call_comes(talk_ms=15_000)
    wait("the first call waits", lambda: bench.hub.waiting() == 1)
    _, other = bench.call_comes(tone=900)
    wait("both wait", lambda: bench.hub.waiting() == 2)
    bench.hears(ear, PLACE_1, but=[PLACE_2])
    bench.hears(other, PLACE_2, but=[PLACE_1])
    bench.hears(ear, MUSIC, but=[PLACE_1])
    first.wait(20)
    bench.hears(other, PLACE_1, but=[PLACE_2])
    bench.hub.ready(ANN)
    bench.expect(ANN, "started", "talking")
    bench.hears(other, FIRST, but=[MUSIC, PLACE_1, PLACE_2])
    bench.hub.ask(ANN, "hang-up")


def held_and_consulted(bench, complete):
    """Answer, hold with music, resume, consult Ben, swap twice."""
    _, ear = bench.answered()
    ann, ben = bench.ears[ANN], bench.ears[BEN]
    bench.hub.ask(ANN, "hold")
    bench.expect(ANN, "started", "held")
    bench.hears(ear, MUSIC, but=[FIRST])
    bench.hub.ask(ANN, "resume")
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, but=[MUSIC])
    bench.hub.ask(BEN, "sign-in")
    bench.hub.ask(ANN, "consult", to=BEN)
    bench.expect(ANN, "started", "held", "talking")
    bench.hears(ben, FIRST, but=[CALLER])
    bench.hears(ear, MUSIC, but=[FIRST])
    bench.hub.ask(ANN, "alternate")
    bench.expect(ANN, "started", "talking", "held")
    bench.hears(ear, FIRST, but=[SECOND, MUSIC])
    bench.hub.ask(ANN, "alternate")
    bench.expect(ANN, "started", "held", "talking")
    bench.hub.ask(ANN, complete)
    return ear, ann, ben


def transfer_completed(bench):
    """Complete transfer: the customer talks to Ben, and Ann is free."""
    ear, _, ben = held_and_consulted(bench, "complete-transfer")
    bench.expect(ANN)
    bench.expect(BEN, "started", "talking")
    bench.hears(ear, SECOND, but=[MUSIC, FIRST])
    bench.hears(ben, CALLER, but=[FIRST])
    bench.hub.ask(BEN, "hang-up")


def merged(bench):
    """Merge: all three hear each other; Ann leaves, and the others continue."""
    ear, ann, ben = held_and_consulted(bench, "merge")
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, SECOND, but=[MUSIC])
    bench.hears(ann, CALLER, SECOND)
    bench.hears(ben, CALLER, FIRST)
    bench.hub.ask(ANN, "hang-up")
    bench.expect(ANN)
    bench.hears(ear, SECOND, but=[FIRST])
    bench.hub.ask(BEN, "hang-up")


def consult_ended(bench):
    """End consult: Ann returns to the customer."""
    _, ear = bench.answered()
    bench.hub.ask(BEN, "sign-in")
    bench.hub.ask(ANN, "consult", to=BEN)
    bench.expect(ANN, "started", "held", "talking")
    bench.hub.ask(ANN, "cancel-consult")
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, but=[SECOND, MUSIC])
    bench.hub.ask(ANN, "hang-up")


def transferred_blind(bench):
    """Blind transfer to Ben, then to a queue, then to an outside number."""
    _, ear = bench.answered()
    bench.hub.ask(BEN, "sign-in")
    bench.hub.ask(ANN, "transfer", to=BEN)
    bench.expect(ANN)
    bench.expect(BEN, "started", "talking")
    bench.hears(ear, SECOND, but=[MUSIC])
    bench.hub.ask(BEN, "transfer", to="7710")
    bench.expect(BEN)
    wait("the call waits in the other queue", lambda: bench.hub.waiting("7710") == 1)
    bench.hears(ear, MUSIC)


def transferred_outside(bench):
    """A call is transferred to an outside number."""
    _, ear = bench.answered()
    outside = bench.ears["outside"]
    bench.hub.ask(ANN, "transfer", to="+14155550123")
    bench.expect(ANN)
    bench.hears(ear, OUTSIDE, but=[MUSIC])
    bench.hears(outside, CALLER)


def not_answered(bench):
    """Cleo does not answer: she becomes not ready, and the call goes to the next agent."""
    bench.hub.ready(CLEO)
    caller, ear = bench.call_comes()
    bench.expect(CLEO, "alerting", "alerting")
    bench.hub.ready(ANN)
    wait("Cleo is not ready", lambda: bench.hub.state(CLEO) == "not-ready")
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, but=[MUSIC])
    bench.hub.ask(ANN, "hang-up")


def declined(bench):
    """An agent rejects the call at the phone: it goes to the next agent."""
    bench.people.phone("1005", scenario="declines")
    bench.hub.ready("1005")
    bench.call_comes()
    bench.expect("1005", "alerting", "alerting")
    bench.hub.ready(ANN)
    bench.expect(ANN, "started", "talking")
    bench.hub.ask(ANN, "hang-up")


def abandoned(bench):
    """The caller hangs up, once while waiting and once while the phone rings."""
    caller, _ = bench.call_comes(talk_ms=1_000)
    wait("the call waits", lambda: bench.hub.waiting() == 1)
    caller.wait(10)
    wait("nobody waits", lambda: bench.hub.waiting() == 0)
    bench.hub.ready(CLEO)
    bench.call_comes(talk_ms=1_000)
    bench.expect(CLEO, "alerting", "alerting")
    bench.expect(CLEO)
    waits = bench.hub.call("GET", "/history/waits?limit=10")["items"]
    if len(waits) != 2 or any(one.get("answered_by") for one in waits):
        raise Failure(f"two calls were given up, told are {waits}")


def outbound(bench):
    """Ann dials an outside number: her phone rings first. Digits arrive. The call is recorded, except while recording is paused."""
    ann, outside = bench.ears[ANN], bench.ears["outside"]
    bench.hub.ask(ANN, "sign-in")
    bench.hub.ask(ANN, "dial", to="+14155550123")
    bench.expect(ANN, "started", "talking")
    bench.hears(outside, FIRST)
    bench.hears(ann, OUTSIDE)
    outside.digits = ""
    bench.hub.ask(ANN, "send-digits", digits="42#")
    wait("the tones arrive", lambda: outside.digits == "42#")
    [one] = bench.hub.interactions()
    started = time.monotonic()
    bench.hub.ask(ANN, "record")
    wait("it is recorded", lambda: bench.hub.interactions()[0].get("recording"))
    time.sleep(1)
    bench.hub.ask(ANN, "mask", on=True)
    wait("it is masked", lambda: bench.hub.interactions()[0].get("masked"))
    time.sleep(2)
    bench.hub.ask(ANN, "mask", on=False)
    wait("it is masked no longer", lambda: not bench.hub.interactions()[0].get("masked"))
    time.sleep(1)
    bench.hub.ask(ANN, "hang-up")
    talked = time.monotonic() - started
    bench.over()
    file = bench.asterisk.folder / "spool" / "recording" / f"cordboard-{one['primary']['call']}.wav"
    with wave.open(str(file)) as recording:
        seconds = recording.getnframes() / recording.getframerate()
    if not 1 < seconds < talked - 1.5:
        raise Failure(f"{seconds:.1f} s were recorded of {talked:.1f} s of which 2 s were masked")


def unreachable(bench):
    """A number that cannot be reached: the agent gets a notice, and a customer in a transfer stays."""
    _, ear = bench.answered()
    bench.people.leave([bench.outside_process])
    bench.hub.ask(ANN, "transfer", to=CLEO + "9")
    time.sleep(1)
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST)
    bench.hub.ask(ANN, "hang-up")


def dialed_at_the_phone(bench):
    """Ann dials Ben at her phone: both desks show the call."""
    bench.hub.ask(ANN, "sign-in")
    bench.hub.ask(BEN, "sign-in")
    process, ear = bench.people.dials(ANN, BEN, FIRST, talk_ms=2_500)
    bench.expect(ANN, "started", "talking")
    bench.expect(BEN, "started", "talking")
    bench.hears(ear, SECOND)
    process.wait(10)


def answered_at_the_desk(bench):
    """Only the desk rings; when the agent answers there, the phone answers automatically."""
    bench.hub.ready(ANN)
    _, ear = bench.call_comes()
    bench.expect(ANN, "alerting", "alerting")
    if len(bench.asterisk.channels()) != 1:
        raise Failure("the phone was called before the desk answered")
    bench.hub.ask(ANN, "answer")
    bench.expect(ANN, "started", "talking")
    bench.hears(ear, FIRST, but=[MUSIC])
    bench.hub.ask(ANN, "hang-up")


def hold_key(bench):
    """A phone holds with re-INVITE, and hangs up."""
    bench.people.phone("1004", SECOND, scenario="holder", calls=1)
    bench.hub.ready("1004")
    _, ear = bench.call_comes()
    bench.expect("1004", "started", "talking")
    bench.expect("1004", "started", "held")
    bench.hears(ear, MUSIC, but=[SECOND])
    bench.expect("1004", "started", "talking")
    bench.expect("1004")


def agree(bench, calls):
    """Checks that the hub and Asterisk have the same calls."""
    def seen():
        hub = {one["primary"]["call"] for one in bench.hub.interactions()}
        return len(hub) == calls and len(bench.asterisk.channels()) == 2 * calls
    try:
        wait("", seen)
    except Failure:
        raise Failure(f"the hub has {len(bench.hub.interactions())} calls, Asterisk {len(bench.asterisk.channels())} channels, "
                      f"expected {calls} and {2 * calls}") from None


def up_again(bench, timeout=60):
    wait("the switch is up", bench.hub.is_up, timeout)


def asterisk_restarted(bench):
    """Asterisk stops during a call: the call ends, the agent is free, and the next call works."""
    bench.answered()
    bench.asterisk.run("kill")
    wait("the hub sees it", lambda: not bench.hub.is_up())
    bench.people.leave(bench.people.running[-1:])
    bench.asterisk.run("again")
    up_again(bench)
    bench.over()
    bench.phones()
    bench.answered()
    bench.hub.ask(ANN, "hang-up")


def crowd(bench, calls):
    """Several active calls, each with a different agent."""
    agents = bench.hub.agents[-calls:]
    for agent in agents:
        bench.people.phone(agent)
    bench.hub.ready(*agents)
    caller, _ = bench.people.caller(calls=calls)
    wait("all calls are up", lambda: sum(one["state"] == "started" for one in bench.hub.interactions()) == calls, 60)
    return caller


def hub_killed(bench, calls=20):
    """The hub is killed during calls and restarted: the calls continue and end correctly."""
    crowd(bench, calls)
    bench.hub.kill()
    # One call ends while the hub is down.
    gone = bench.asterisk.channels()[0]
    bench.asterisk.ari(f"/channels/{gone['id']}", "DELETE")
    time.sleep(1)
    bench.hub.start()
    up_again(bench)
    agree(bench, calls - 1)
    busy = [one["agent"] for one in bench.hub.interactions()]
    bench.hub.ask(busy[0], "hold")
    bench.expect(busy[0], "started", "held")
    for agent in busy:
        bench.hub.ask(agent, "hang-up")


def hub_from_nothing(bench):
    """A hub without its data takes over the calls of Asterisk."""
    _, ear = bench.answered()
    bench.hub.ask(BEN, "sign-in")
    bench.hub.ask(ANN, "consult", to=BEN)
    bench.expect(ANN, "started", "held", "talking")
    bench.hub.kill()
    for file in (bench.hub.folder / "data").iterdir():
        file.unlink()
    bench.hub.start()
    up_again(bench)
    bench.hub.ask(ANN, "sign-in")
    bench.hub.ask(BEN, "sign-in")
    bench.hears(ear, MUSIC)
    if len(bench.asterisk.channels()) != 3:
        raise Failure("calls that ran on were not kept")
    for channel in bench.asterisk.channels():
        bench.asterisk.ari(f"/channels/{channel['id']}", "DELETE")


def socket_cut(bench, calls=20):
    """The connection to Asterisk is cut for five seconds while calls start and end: afterwards both have the same calls."""
    caller = crowd(bench, calls)
    bench.people.caller(calls=30, rate=5, talk_ms=8_000)
    bench.relay.cut(5)
    up_again(bench)
    wait("those who gave up are gone", lambda: bench.hub.waiting() == 0, 30)
    agree(bench, calls)
    for one in bench.hub.interactions():
        bench.hub.ask(one["agent"], "hang-up")
    caller.wait(20)


def shown_to_ebs(bench):
    """Ann works in Oracle EBS: EBS gets each step of an incoming call and of a call that it dials."""
    ebs = Ebs(bench.hub.uwq, ANN)
    try:
        ebs.sign_in()
        bench.call_comes()
        bench.expect(ANN, "started", "talking")
        wait("EBS shows the call", lambda: ebs.told() == ["ScreenPop", "CallEstablished"])
        [one] = bench.hub.interactions()
        caller, shown = one["customer"]["at"]["outside"].lstrip("+"), ebs.events[0][1]["occtANI"]
        if shown != caller:
            raise Failure(f"EBS shows the number {shown}, the caller has {caller}")
        bench.hub.ask(ANN, "hang-up")
        wait("EBS shows the end", lambda: ebs.told()[2:] == ["CallReleased"])
        ebs.ask("MakeCall", dialString="14155550123")
        bench.expect(ANN, "started", "talking")
        wait("EBS shows that it is answered", lambda: "CallEstablished" in ebs.told()[3:])
        bench.hub.ask(ANN, "hang-up")
        wait("EBS shows its end", lambda: ebs.told()[-1] == "CallReleased")
    finally:
        ebs.leave()


def worked_in_the_desktop(bench):
    """Ann works in a browser: hold, resume, consult Ben, swap, transfer; the customer and Ben hear each other."""
    bench.hub.ask(BEN, "sign-in")
    command = ["node", HERE / "desktop.js", f"http://127.0.0.1:{bench.hub.port}", ANN, BEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desktop:
        if desktop.stdout.readline().strip() != "ready":
            raise Failure("the desktop is not ready")
        _, ear = bench.call_comes()
        if desktop.wait(60):
            raise Failure("the desktop did not show what was expected")
    bench.expect(ANN)
    bench.expect(BEN, "started", "talking")
    bench.hears(ear, SECOND, but=[MUSIC, FIRST])
    bench.hub.ask(BEN, "hang-up")


SCENARIOS = [
    through_the_queue, hears_position, transfer_completed, merged, consult_ended, transferred_blind, transferred_outside,
    not_answered, declined, abandoned, outbound, unreachable, dialed_at_the_phone, hold_key, asterisk_restarted, hub_killed, hub_from_nothing, socket_cut,
    answered_at_the_desk, shown_to_ebs, worked_in_the_desktop,
]


def main():
    program, build, base, *names = sys.argv[1:]
    build = Path(build)
    asterisk = Asterisk(int(base))
    asterisk.run("start")
    failed = []
    try:
        for scenario in SCENARIOS:
            if not names or scenario.__name__ in names:
                failed += run(scenario, program, build / scenario.__name__, asterisk)
                if scenario.__name__ in failed:
                    # Remaining calls must not fail the next scenario.
                    asterisk.run("stop")
                    asterisk.run("start")
    finally:
        asterisk.run("stop")
    if failed:
        sys.exit(f"interop: {len(failed)} scenarios failed: {', '.join(failed)}")


def run(scenario, program, folder, asterisk):
    """Runs one scenario with a new hub. Returns its name if it fails."""
    os.system(f"rm -rf '{folder}'")
    started = time.monotonic()
    relay = Relay(asterisk.base)
    answer = "from-desk" if scenario is answered_at_the_desk else "at-phone"
    place = f'position_every = "2s"\nposition = ["sound:/srv/rig-{asterisk.base}/sounds/place-{{position}}"]'
    more = place if scenario is hears_position else ""
    hub = Hub(program, folder, relay.port, [str(1000 + number) for number in range(1, 31)], answer, more=more)
    people = People(asterisk, folder / "sip")
    bench = Bench(hub, asterisk, people, {}, relay)

    def phones():
        bench.ears[ANN] = people.phone(ANN, FIRST)
        bench.ears[BEN] = people.phone(BEN, SECOND)
        people.phone(CLEO, ring_ms=60_000)

    bench.phones = phones
    try:
        phones()
        bench.ears["outside"] = people.outside(OUTSIDE)
        bench.outside_process = people.running[-1]
        up_again(bench)
        scenario(bench)
        people.leave([one for one in people.running if "caller" in str(one.args[3])])
        for channel in asterisk.channels() if scenario in (transferred_blind, transferred_outside) else ():
            asterisk.ari(f"/channels/{channel['id']}", "DELETE")
        bench.over()
        print(f"ok    {scenario.__name__} {time.monotonic() - started:.1f} s", flush=True)
        return []
    except (Failure, OSError, ValueError, LookupError) as error:
        print(f"FAIL  {scenario.__name__}: {error!r}   see {folder}", flush=True)
        return [scenario.__name__]
    finally:
        people.leave()
        hub.stop()


if __name__ == "__main__":
    main()
