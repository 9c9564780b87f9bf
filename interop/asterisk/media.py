"""Audio for the parties of a test: each party sends a tone and detects the tones it hears.

A voice is a tone of its own in PCMU; an ear keeps what came last and looks for tones in it. Telephone events (RFC 4733) are read too.
"""

import math
import select
import socket
import struct
import threading
import time

PACKET_S = 0.02
SAMPLES = 160
KEPT = 20


def encoded(sample):
    """A sample as PCMU (G.711)."""
    sign = 0x80 if sample < 0 else 0
    value = min(abs(sample), 32635) + 132
    exponent = value.bit_length() - 8
    return ~(sign | exponent << 4 | value >> exponent + 3 & 0x0F) & 0xFF


def decoded(byte):
    byte = ~byte & 0xFF
    value = ((byte & 0x0F) << 3) + 132 << (byte >> 4 & 7)
    return 132 - value if byte & 0x80 else value - 132


DECODED = [decoded(byte) for byte in range(256)]


class Ear:
    """An RTP endpoint that sends and receives audio."""

    def __init__(self, host, tone):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port = self.socket.getsockname()[1]
        self.tone = tone
        self.voice = bytes(encoded(int(8000 * math.sin(2 * math.pi * tone * n / 8000))) for n in range(8000))
        self.silent = False
        self.reset()
        MEDIA.add(self)

    def reset(self):
        self.peer, self.sequence = None, 0
        self.received, self.digits, self.last, self.audio = 0, "", None, []

    def forget(self):
        """Discards everything that was heard before."""
        self.received, self.audio = 0, []

    def take(self):
        packet = self.socket.recv(2048)
        if packet[0] < 0x80:
            # SIPp sends the port of the other end as plain text.
            self.peer = ("127.0.0.1", int(packet))
            return
        self.received += 1
        kind, stamp = packet[1] & 0x7F, packet[4:8]
        if kind == 101 and len(packet) >= 16:
            if packet[13] & 0x80 and stamp != self.last:
                self.last = stamp
                self.digits += "0123456789*#ABCD"[packet[12] & 15]
        elif kind == 0:
            self.audio = (self.audio + [packet[12:]])[-KEPT:]

    def speak(self):
        if self.peer is None or self.silent:
            return
        start = self.sequence * SAMPLES % 8000
        payload = (self.voice + self.voice)[start:start + SAMPLES]
        header = struct.pack("!BBHII", 0x80, 0, self.sequence & 0xFFFF, self.sequence * SAMPLES & 0xFFFFFFFF, self.port)
        self.sequence += 1
        try:
            self.socket.sendto(header + payload, self.peer)
        except OSError:
            pass

    def hears(self, tone):
        """Whether the latest audio contains a tone."""
        samples = [DECODED[byte] for byte in b"".join(self.audio)]
        if len(samples) < KEPT * SAMPLES // 2:
            return False
        # Goertzel's algorithm: the power at one frequency.
        factor, one, two = 2 * math.cos(2 * math.pi * tone / 8000), 0.0, 0.0
        for sample in samples:
            one, two = sample + factor * one - two, one
        power = (one * one + two * two - factor * one * two) / len(samples) ** 2
        return power > 250_000


class Media(threading.Thread):
    """Transfers the packets of all endpoints."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ears = {}

    def add(self, ear):
        self.ears = self.ears | {ear.socket: ear}

    def run(self):
        due = time.monotonic()
        while True:
            wait = max(0.0, due - time.monotonic())
            for ready in select.select(list(self.ears), [], [], wait)[0]:
                self.ears[ready].take()
            if time.monotonic() >= due:
                due += PACKET_S
                for ear in list(self.ears.values()):
                    ear.speak()


MEDIA = Media()
MEDIA.start()
