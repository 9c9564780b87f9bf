"""Runs the commands and checks the samples of the documentation's pages. Usage: pages.py PROGRAM REPOSITORY [PAGE …]

What happens to a fenced block follows from the word behind its fence:

sh          run in bash as printed, in the order of the page, all blocks of a page in one shell, against a fresh demo at its usual ports
console     an illustration: not run
toml        a configuration: `cordboard check` accepts it
toml floor  a floor file, or a part of one: `cordboard check` accepts it
json, js, python   parsed
jsonc, html, ts, rust, yaml, ini, xml, text   not checked here

In `sh` a command that fails, and an answer to curl with an HTTP status from 400 on, is an error. The comment `# expect 409` in front of a
command says that curl is answered with that status.
"""

import ast
import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

BLOCK_SECONDS = 60
DEMO_SECONDS = 30
# Where the demo listens, and the listener of Oracle EBS.
PORTS = (8080, 8090, 3107, 7850, 8888)
# How long the shell waits in front of each command: less than a person who types it.
PAUSE_SECONDS = 0.15
# How much of a failed block's output is shown.
OUTPUT_LINES = 15

UNCHECKED = {"console", "jsonc", "html", "ts", "rust", "yaml", "ini", "xml", "text", "diff"}
FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
LIST_ITEM = re.compile(r"^\s*([-*+]|\d+[.)])\s")
EXPECT = re.compile(r"^\s*# expect (\d{3})$")


@dataclass
class Block:
    page: str
    line: int  # of the first line of the text
    info: str
    text: str

    def fault(self, why, line=0):
        return f"{self.page}:{self.line + line}: {why}"


def read_blocks(page, text):
    """The fenced blocks of a page, and the faults of its blocks as such."""
    blocks, faults, lines = [], [], text.splitlines()
    number, in_list, after_blank = 0, False, True
    while number < len(lines):
        line = lines[number]
        number += 1
        opened = FENCE.match(line)
        if opened:
            indent, fence = len(opened["indent"]), opened["fence"]
            first, body = number, []
            while number < len(lines) and lines[number].strip() != fence:
                body.append(lines[number][indent:] if not lines[number][:indent].strip() else lines[number])
                number += 1
            number += 1
            info = opened["info"].strip()
            block = Block(page, first + 1, info, "\n".join(body) + "\n")
            known = info in UNCHECKED or info in CHECKS or info == "sh"
            blocks.append(block) if known else faults.append(block.fault(f"a block cannot be {info!r}", -1))
        elif line.startswith("    ") and line.strip() and after_blank and not in_list:
            faults.append(f"{page}:{number}: an indented block: fence it, with a word that says what it is")
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number].strip()):
                number += 1
        if LIST_ITEM.match(line):
            in_list = True
        elif line.strip() and not line.startswith(" "):
            in_list = False
        after_blank = not line.strip()
    return blocks, faults


# Samples


def check_toml(block, world):
    return check_config(block, world, block.text)


def check_floor(block, world):
    """A part of a floor file gets the queue and the switches that it names."""
    try:
        floor = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        return [block.fault(error)]
    text = block.text
    if "queues" not in floor:
        text += '\n[[queues]]\nid = "7700"\nname = "support"\n'
    switches = {agent.get("switch", "simulated") for agent in floor.get("agents", [])} - {"simulated"}
    config = 'floor.file = "checked-floor.toml"\nsimulated = {}\n'
    for switch in sorted(switches):
        config += f'[[ari]]\nid = "{switch}"\nserver = "127.0.0.1:8088"\npassword = "x"\n'
    (world.folder / "checked-floor.toml").write_text(text)
    return check_config(block, world, config)


def check_config(block, world, text):
    """Files that the sample names are there."""
    folder = world.folder
    secrets = re.compile(r'(?P<key>\w+_file\s*=\s*)"(?P<path>[^"]+)"')

    def placed(match):
        name = match["path"].strip("/").replace("/", "-")
        (folder / name).write_text("secret\n")
        return f'{match["key"]}"{name}"'

    if not (folder / "floor.toml").exists():
        (folder / "floor.toml").write_text('country = "US"\n[[queues]]\nid = "7700"\nname = "support"\n')
    (folder / "checked.toml").write_text(secrets.sub(placed, text))
    checked = world.run([world.program, "check", "checked.toml"])
    return [] if checked.returncode == 0 else [block.fault(f"cordboard check: {checked.stderr.strip()}")]


def check_json(block, world):
    try:
        json.loads(block.text)
    except json.JSONDecodeError as error:
        return [block.fault(f"not JSON: {error.msg}", error.lineno - 1)]
    return []


def check_js(block, world):
    (world.folder / "checked.mjs").write_text(block.text)
    checked = world.run(["node", "--check", "checked.mjs"])
    return [] if checked.returncode == 0 else [block.fault(f"not JavaScript: {checked.stderr.strip()}")]


def check_python(block, world):
    try:
        ast.parse(block.text)
    except SyntaxError as error:
        return [block.fault(f"not Python: {error.msg}", (error.lineno or 1) - 1)]
    return []


CHECKS = {
    "toml": check_toml,
    "toml floor": check_floor,
    "json": check_json,
    "js": check_js,
    "python": check_python,
}


# Commands

# Asks as the page does, and notes the status of each answer.
CURL = r"""#!/bin/bash
state=$DOCS_STATE
real=$DOCS_CURL
"$real" --dump-header "$state/headers" "$@"
code=$?
wanted=$(cat "$state/expect" 2>/dev/null)
rm -f "$state/expect"
[ $code -eq 0 ] || exit $code
status=$(sed -n 's/^HTTP\/[0-9.]* \([0-9]*\).*/\1/p' "$state/headers" 2>/dev/null | tail -1)
if [ -n "$wanted" ]; then
    [ "$status" = "$wanted" ] || echo "HTTP status $status, expected $wanted" >>"$state/refused"
elif [ "${status:-0}" -ge 400 ]; then
    echo "HTTP status $status" >>"$state/refused"
fi
exit 0
"""

# A failed command of the page is noted with its line. A reader that ends early (`head`) is no failure of the writer.
SHELL = r"""
set -o pipefail
failed() {
    local code=$1 line=$2 command=$3
    if [ "$code" -ne 0 ] && [ "$code" -ne 141 ]; then
        printf '%s\t%s\texit status %s\n' "$line" "${command//$'\n'/ }" "$code" >>"$DOCS_STATE/failures"
    fi
    return 0
}
refused() {
    local line=$1 command=$2 why
    [ -s "$DOCS_STATE/refused" ] || return 0
    while read -r why; do printf '%s\t%s\t%s\n' "$line" "${command//$'\n'/ }" "$why" >>"$DOCS_STATE/failures"; done <"$DOCS_STATE/refused"
    : >"$DOCS_STATE/refused"
}
# Only commands of the page itself count, not those inside of its functions.
of_page() { [ "$1" -eq 0 ] && [[ $2 == "$DOCS_STATE"/[0-9]*.sh ]]; }
trap 'code=$?; of_page ${#FUNCNAME[@]} "$BASH_SOURCE" && failed $code $LINENO "$BASH_COMMAND"' ERR
trap 'of_page ${#FUNCNAME[@]} "$BASH_SOURCE" && { refused "$DOCS_LINE" "$DOCS_COMMAND"; DOCS_LINE=$LINENO DOCS_COMMAND=$BASH_COMMAND; sleep PAUSE; }' DEBUG
"""


class World:
    """A folder, a home and a path in which a page is tried."""

    def __init__(self, folder, program, repository):
        self.program, self.repository = program, repository
        self.folder, self.state, programs = (folder / name for name in ("work", "state", "bin"))
        for made in (self.folder / "target/demo", self.state, programs, folder / "home"):
            made.mkdir(parents=True)
        (programs / "cordboard").symlink_to(program)
        (self.folder / "target/demo/cordboard").symlink_to(program)
        # What pages name, as seen from the folder of the repository.
        for name in ("docs", "interop", "web", "cordboard.example.toml"):
            (self.folder / name).symlink_to(repository / name)
        (programs / "curl").write_text(CURL)
        (programs / "curl").chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "home"),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "DOCS_STATE": str(self.state),
            "DOCS_CURL": subprocess.check_output(["which", "curl"], text=True).strip(),
        }

    def run(self, command):
        return subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)


def end(process):
    """Ends a process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def start_demo(world):
    """Starts a demo; says what was wrong if it did not start."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                sys.exit(f"interop: port {port} is in use; the pages of the documentation need it")
    log = open(world.state / "demo.log", "w+")
    demo = subprocess.Popen(
        [world.program, "--json", "demo"],
        cwd=world.folder,
        env=world.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
    )
    if not demo.stdout.readline():
        log.seek(0)
        sys.exit(f"interop: the demo did not start: {log.read()}")
    return demo


def script(block):
    """The block as it is run: `# expect` becomes a note for curl, on the same line."""

    def line(text):
        expected = EXPECT.match(text)
        return f'echo {expected[1]} >"$DOCS_STATE/expect"' if expected else text

    return "\n".join(map(line, block.text.splitlines())) + "\n"


def run_commands(blocks, world):
    """Runs the blocks of a page in one shell."""
    demo = start_demo(world)
    shell = world.state / "shell.sh"
    sources = [SHELL.replace("PAUSE", str(PAUSE_SECONDS))]
    for number, block in enumerate(blocks):
        (world.state / f"{number}.sh").write_text(script(block))
        # Traps hold in a sourced file only when it is said so.
        sources.append(f'DOCS_LINE=1 DOCS_COMMAND=\nset -T -E\nsource "$DOCS_STATE/{number}.sh" >"$DOCS_STATE/{number}.out" 2>&1 </dev/null')
        sources.append(f'set +T +E\nrefused "$DOCS_LINE" "$DOCS_COMMAND"\nif [ -f "$DOCS_STATE/failures" ]; then mv "$DOCS_STATE/failures" "$DOCS_STATE/{number}.failures"; fi')
        sources.append(f': >"$DOCS_STATE/{number}.done"')
    shell.write_text("\n".join(sources) + "\nexit 0\n")
    process = subprocess.Popen(
        ["bash", "--norc", str(shell)],
        cwd=world.folder,
        env=world.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=open(world.state / "shell.err", "w"),
        start_new_session=True,
    )
    faults = []
    for number, block in enumerate(blocks):
        finished = wait_for(world.state / f"{number}.done", process)
        faults += failures(block, world.state, number)
        if not finished:
            output = tail(world.state / f"{number}.out")
            how = "ended the shell" if process.poll() is not None else f"still runs after {BLOCK_SECONDS} s"
            faults.append(block.fault(f"the block {how}; output:\n{output}"))
            break
    end(process)
    end(demo)
    return faults


def wait_for(path, process):
    deadline = time.monotonic() + BLOCK_SECONDS
    while not path.exists():
        if time.monotonic() > deadline or (process.poll() is not None and not path.exists()):
            return False
        time.sleep(0.02)
    return True


def failures(block, state, number):
    path = state / f"{number}.failures"
    if not path.exists():
        path = state / "failures"
    if not path.exists():
        return []
    faults = []
    for line in dict.fromkeys(path.read_text().splitlines()):
        at, command, why = line.split("\t")
        faults.append(block.fault(f"{why}: {command}", int(at) - 1))
    return [*faults, f"  output of the block:\n{tail(state / f'{number}.out')}"]


def tail(path):
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(f"    {line}" for line in lines[-OUTPUT_LINES:])


def try_page(page, program, repository):
    blocks, faults = read_blocks(page, (repository / page).read_text())
    with tempfile.TemporaryDirectory(prefix="cordboard-docs-") as folder:
        world = World(Path(folder), program, repository)
        for block in blocks:
            if block.info in CHECKS:
                faults += CHECKS[block.info](block, world)
        commands = [block for block in blocks if block.info == "sh"]
        if commands:
            faults += run_commands(commands, world)
    return faults, len([block for block in blocks if block.info not in UNCHECKED])


def main(program, repository, *pages):
    program, repository = Path(program).resolve(), Path(repository).resolve()
    every = ["README.md", *sorted(str(path.relative_to(repository)) for path in (repository / "docs").rglob("*.md"))]
    failed = False
    for page in pages or every:
        faults, checked = try_page(page, program, repository)
        print(f"{page}: {checked} blocks checked" if not faults else f"{page}: failed", flush=True)
        for fault in faults:
            print(fault, flush=True)
        failed = failed or bool(faults)
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
