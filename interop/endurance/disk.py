"""Takes the disk of a node away under load, and checks what everybody was told. Usage: disk.py PROGRAM FOLDER

First the disk is full, then it becomes read-only. Each time:

- The node stops with an error that names the cause. It has acknowledged nothing that it could not write.
- While the cause is there, it does not start, and the error names the cause.
- When the disk is back, the store is not damaged, the node starts, every desk shows a new call, and the same checks as after a crash hold.

Needs root and a loop device, for a disk of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from checks import check_end
from load import Load, Witness
from node import Failure, Node, until

SIZE = 48 << 20
BLOCK = bytes(1 << 16)
RATE = 30


class Disk:
    """A small disk for the data of the node: an ext4 file system in a file."""

    def __init__(self, folder):
        self.folder, self.image = folder, folder.with_suffix(".img")
        folder.mkdir(parents=True, exist_ok=True)
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.folder], check=True)

    def fill(self):
        # Without a buffer, so that the last blocks are tried immediately.
        with open(self.folder / "other", "wb", buffering=0) as file:
            try:
                while file.write(BLOCK):
                    pass
            except OSError:
                pass

    def clean(self):
        os.remove(self.folder / "other")

    def fail(self):
        """Lets the file system find an error: it becomes read-only, also for open files."""
        subprocess.run(["mount", "-o", "remount,abort", self.folder], check=True)

    def repair(self):
        subprocess.run(["umount", self.folder], check=True)
        self.mount()


def play(name, node, load, words, take, give):
    load.begin()
    take()
    until("the node ends", lambda: node.process.poll() is not None)
    load.is_paused = True
    check_error(node, name, words)
    try:
        node.start()
        raise SystemExit(f"disk: the node started although {name}")
    except Failure:
        check_error(node, name, words)
    give()
    node.check_store()
    print(f"{name}: ready again after {node.start():.2f} s", flush=True)


def last_line(node):
    return (node.folder / "log").read_text().splitlines()[-1]


def check_error(node, name, words):
    if node.process.returncode == 0 or not any(word in last_line(node) for word in words):
        raise Failure(f"{name}: the node ended with status {node.process.returncode}: {last_line(node)}")
    print(f"{name}: {last_line(node)}", flush=True)


def main(program, folder):
    folder = Path(folder)
    node, disk = Node(program, folder), Disk(folder / "data")
    node.start()
    witness, load = Witness(node), Load(node, RATE)
    try:
        play("the disk is full", node, load, ["disk is full", "No space left"], disk.fill, disk.clean)
        witness.check()
        play("the disk is read-only", node, load, ["I/O error", "Read-only", "readonly"], disk.fail, disk.repair)
        witness.check()
        interactions = check_end(node, load, witness)
    finally:
        load.end()
        witness.is_over = True
        node.stop()
    print(f"{len(witness.events)} events, {interactions} interactions, {len(load.notified)} notifications")


try:
    main(*sys.argv[1:])
except Failure as failure:
    sys.exit(f"disk: {failure}")
