"""Runs a node under steady load and checks that it does not grow. Usage: soak.py PROGRAM FOLDER [SECONDS [CALLS-A-SECOND]]

Agents at every kind of desk get calls and notifications. The samples are in FOLDER/samples.csv. Memory, open files and threads of the last
quarter are compared with those of the second quarter; in the first one, caches and buffers fill. In the end the same checks are made as
after a crash.
"""

import statistics
import sys
import time
from pathlib import Path

from checks import check_end
from load import Load, Witness
from node import Failure, Node

SAMPLES = 240
# What may be added between the second and the last quarter: memory in KiB, open files, threads. The allocator keeps what it once used.
GROWTH_MAX = (8 * 1024, 8, 2)
NAMES = ("memory in KiB", "open files", "threads")


def sample(node, witness, begun, file):
    values = node.uses()
    store = sum(path.stat().st_size for path in (node.folder / "data").iterdir()) // 1024
    line = [f"{time.monotonic() - begun:.0f}", *values, store, witness.last]
    print(*line, sep=",", file=file, flush=True)
    return values


def measure(node, witness, seconds):
    samples, begun = [], time.monotonic()
    with open(node.folder / "samples.csv", "w") as file:
        print("seconds,memory_kib,open_files,threads,store_kib,event", file=file)
        while (now := time.monotonic() - begun) < seconds:
            samples.append(sample(node, witness, begun, file))
            witness.check()
            if len(samples) % (SAMPLES // 12) == 0:
                print(f"{now:6.0f} s: {samples[-1][0] / 1024:.1f} MiB, {samples[-1][1]} files, {samples[-1][2]} threads, "
                      f"event {witness.last}", flush=True)
            time.sleep(seconds / SAMPLES)
    return samples


def check_growth(samples):
    quarter = len(samples) // 4
    for name, growth_max, values in zip(NAMES, GROWTH_MAX, zip(*samples)):
        early, late = (statistics.mean(part) for part in (values[quarter:2 * quarter], values[-quarter:]))
        print(f"{name}: {early:.0f} in the second quarter, {late:.0f} in the last, highest {max(values)}")
        if late - early > growth_max:
            raise Failure(f"{name} grew from {early:.0f} to {late:.0f}, by more than {growth_max}")


def main(program, folder, seconds="3600", rate="8"):
    print(f"soak: {seconds} s with {rate} calls and {rate} notifications a second", flush=True)
    node = Node(program, Path(folder))
    node.start()
    witness, load = Witness(node), Load(node, float(rate))
    try:
        load.begin()
        samples = measure(node, witness, float(seconds))
        load.is_paused = True
        interactions = check_end(node, load, witness)
    finally:
        load.end()
        witness.is_over = True
        node.stop()
    node.check_store()
    print(f"{len(witness.events)} events, {interactions} interactions, {len(load.notified)} notifications, {load.refused} refused")
    check_growth(samples)


try:
    main(*sys.argv[1:])
except Failure as failure:
    sys.exit(f"soak: {failure}")
