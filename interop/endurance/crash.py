"""Kills a node under load, again and again, and checks what everybody was told. Usage: crash.py PROGRAM FOLDER [ROUNDS [SEED]]

In each round calls come in for agents at every kind of desk. At a random moment the node is killed (SIGKILL) and started again with its data.

- The store is not damaged.
- Every event that the witness saw is in the journal, none is missing and none comes twice.
- Every call that a desk showed, and every notification that was accepted, is in the journal.
- Each desk connects again by itself, and shows a new call of the new process.
- In the end, each interaction is in the history exactly once, and none is open.
"""

import random
import statistics
import sys
import time
from pathlib import Path

from checks import check_end
from load import Load, Witness
from node import Failure, Node

RATE = 30
# How long a node works before it is killed, once all desks work. Seconds.
WORK_S = (0.2, 2.0)


def play_round(node, load, random_):
    worked = load.begin()
    time.sleep(random_.uniform(*WORK_S))
    node.kill()
    load.is_paused = True
    node.check_store()
    return worked, node.start()


def main(program, folder, rounds="3", seed=None):
    seed = seed or str(random.randrange(1 << 32))
    print(f"crash: {rounds} rounds, seed {seed}", flush=True)
    random_ = random.Random(seed)
    node = Node(program, Path(folder))
    node.start()
    witness, load = Witness(node), Load(node, RATE)
    worked, ready = [], []
    try:
        for number in range(int(rounds)):
            seconds = play_round(node, load, random_)
            worked.append(seconds[0])
            ready.append(seconds[1])
            witness.check()
            print(f"round {number + 1}: ready after {seconds[1]:.2f} s, event {witness.last}", flush=True)
        interactions = check_end(node, load, witness)
    finally:
        load.end()
        witness.is_over = True
        node.stop()
    shown = {}
    for desk in load.desks:
        shown[type(desk).__name__] = shown.get(type(desk).__name__, 0) + len(desk.shown())
    print(f"{rounds} kills; {len(witness.events)} events, {interactions} interactions, {len(load.notified)} notifications; shown: {shown}")
    print(f"ready again: median {statistics.median(ready):.2f} s, longest {max(ready):.2f} s; "
          f"every desk shows a call: median {statistics.median(worked):.1f} s, longest {max(worked):.1f} s")


try:
    main(*sys.argv[1:])
except Failure as failure:
    sys.exit(f"crash: {failure}")
