#!/usr/bin/env python3
"""Follow one line of a News Line server: print what comes, what changes and what goes.

    follow.py http://127.0.0.1:3000 --line demo

Written from docs/protocol.md alone; "section 3" below is one of that page's. It shares no code with News Line, so it
may be copied and changed freely. It needs python-socketio 5 with what that needs for its transports:

    apt-get install python3-socketio python3-websocket python3-requests     Debian, Ubuntu
    pip install "python-socketio[client]"                                   elsewhere

`Line` is what a client holds and knows nothing of connections; `Connection` is one Socket.IO connection; `Follower`
brings the two together and comes back when the connection is cut.
"""

import argparse
import hashlib
import queue
import random
import sys
import time

import engineio.payload
import requests
import socketio

PROTOCOL = 1
# Ticks come every 25 s (section 3).
DEAD_AFTER_S = 60
ANSWER_WITHIN_S = 10
# This library hands each message to a thread of its own, so two deltas may change places on the way. The later one is
# kept this long for the earlier one; after that something is lost.
GAP_CLOSES_WITHIN_S = 2
PAGE_AGAIN_AFTER_S = 1

# An answer to a poll holds everything that waited. By default this library drops the connection at 17 packets.
engineio.payload.Payload.max_decode_packets = 10_000


def place(item):
    """Where an item stands (section 1). Both are ASCII, so comparing text compares times and bytes."""
    return (item["orderedAt"], item["id"])


class Line:
    """One line as this client holds it: exactly the items above the floor, as of a position."""

    def __init__(self):
        self.items = {}
        self.epoch = None
        self.offset = None
        # The lowest place that a snapshot or a page has reached, and the cursor of the page below it. Without a
        # cursor the whole line is held.
        self.floor = None
        self.next = None
        self.count = 0
        self.early = {}

    @property
    def position(self):
        return None if self.epoch is None else f"{self.epoch}:{self.offset}"

    @property
    def is_whole(self):
        return self.next is None

    def in_order(self):
        return sorted(self.items.values(), key=place, reverse=True)

    def sha256(self):
        """What /state answers at this position, when the whole line is held (section 7)."""
        digest = hashlib.sha256()
        for item in self.in_order():
            digest.update(f"{item['id']} {item['revision']}\n".encode())
        return digest.hexdigest()

    def take_snapshot(self, answer):
        """It replaces all that is held. Gives the ids of what was there and is no more."""
        before = self.items
        self.items = {item["id"]: item for item in answer["items"]}
        self._stand_at(answer["position"])
        self.count = answer["count"]
        self.floor = None
        self._lower_floor(answer)
        return [item_id for item_id in before if item_id not in self.items]

    def take_delta(self, delta):
        """Applies it, and what came early and now fits. Gives the ops that changed what is held."""
        if delta["epoch"] != self.epoch or delta["to"] <= self.offset:
            return []  # of a log or a subscription that has ended
        self.early[delta["from"]] = delta
        changed = []
        while self.offset in self.early:
            delta = self.early.pop(self.offset)
            changed += [op for op in delta["ops"] if self._apply(op)]
            self.offset = delta["to"]
        return changed

    def drop_passed(self):
        """What came early and is behind us by now, since an answer has led us past it."""
        self.early = {at: one for at, one in self.early.items() if one["epoch"] == self.epoch and at >= self.offset}

    def take_page(self, page):
        """The page below the floor. False when it is older than what is held: then it must not be merged."""
        epoch, offset = parse_position(page["position"])
        if epoch != self.epoch or offset < self.offset:
            return False
        for item in page["items"]:
            held = self.items.get(item["id"])
            if held is None or held["revision"] < item["revision"]:
                self.items[item["id"]] = item
        self.count = page["count"]
        self._lower_floor(page)
        return True

    def _stand_at(self, position):
        self.epoch, self.offset = parse_position(position)

    def _lower_floor(self, answer):
        self.next = answer["next"]
        places = [place(item) for item in answer["items"]]
        if self.floor is not None:
            places.append(self.floor)
        self.floor = min(places) if self.next is not None and places else None

    def _apply(self, op):
        """Whether it changed anything here."""
        if op["op"] == "remove":
            return self.items.pop(op["id"], None) is not None
        if op["op"] != "put":
            return False  # of a later version of the protocol
        item = op["item"]
        held = self.items.get(item["id"])
        if held is not None and held["revision"] >= item["revision"]:
            return False
        if self.floor is not None and place(item) < self.floor:
            # It has its place on a page that has not been read.
            return self.items.pop(item["id"], None) is not None
        self.items[item["id"]] = item
        return True


def parse_position(text):
    epoch, offset = text.rsplit(":", 1)
    return epoch, int(offset)


class Connection:
    """One Socket.IO connection. All that comes by it is put into one queue, since it comes on many threads."""

    def __init__(self, url, transport):
        self.events = queue.Queue()
        # We come back by ourselves: the library does not after every kind of close, and knows no retryAfterMs.
        self._socket = socketio.Client(reconnection=False, handle_sigint=False)
        self._socket.on("disconnect", lambda: self.events.put(("disconnect", None)))
        for event in ("delta", "tick", "reset", "goodbye"):
            self._listen(event)
        self._socket.connect(url, transports=[transport], wait_timeout=ANSWER_WITHIN_S)

    def _listen(self, event):
        # What a later version of the protocol adds to an event is ignored.
        self._socket.on(event, lambda payload, *_: self.events.put((event, payload)))

    def subscribe(self, request):
        self._socket.emit("subscribe", request, callback=lambda answer: self.events.put(("answer", answer)))

    def close(self):
        self._socket.disconnect()


class Ended(Exception):
    """The server does not want us, or speaks a protocol that we do not know."""


class Cut(Exception):
    """The connection is gone or of no use; a new one may be made after `wait_s`."""

    def __init__(self, why, wait_s=0.0):
        super().__init__(why)
        self.wait_s = wait_s


class BackOff:
    """Growing, random pauses, so that a thousand clients that were cut together do not come back together."""

    FIRST_S, MOST_S = 0.5, 10.0

    def __init__(self):
        self.reset()

    def reset(self):
        self._ceiling_s = self.FIRST_S

    def next_s(self):
        ceiling_s = self._ceiling_s
        self._ceiling_s = min(self.MOST_S, ceiling_s * 2)
        return ceiling_s * random.uniform(0.5, 1)


class Follower:
    """Keeps one line right, over as many connections as it takes."""

    def __init__(self, options, show):
        self.url = options.url.rstrip("/")
        self.name = options.line
        self.limit = options.limit
        self.transport = options.transport
        self.line = Line()
        self._show = show
        self._back_off = BackOff()
        self._connection = None

    def run(self):
        while True:
            try:
                self._connection = Connection(self.url, self.transport)
                try:
                    self._follow()
                finally:
                    self._connection.close()
            except (Cut, socketio.exceptions.ConnectionError) as cut:
                asked_s = getattr(cut, "wait_s", 0.0)
                # Everybody was told the same time to wait: each adds a random part of it.
                pause_s = max(self._back_off.next_s(), asked_s * random.uniform(1, 1.5))
                self._show.connection(f"{cut}; again in {pause_s:.1f} s")
                time.sleep(pause_s)

    def _follow(self):
        self._subscribe_at = time.monotonic()
        self._answer_by = self._gap_by = self._page_at = None
        self._heard_at = time.monotonic()
        self._behind_at = None
        while True:
            self._look_at_clock()
            try:
                event, payload = self._connection.events.get(timeout=0.25)
            except queue.Empty:
                continue
            getattr(self, f"_on_{event}")(payload)
            self._plan()

    def _look_at_clock(self):
        now = time.monotonic()
        if now > self._heard_at + DEAD_AFTER_S:
            raise Cut("the connection is silent")
        if self._answer_by is not None and now > self._answer_by:
            raise Cut("a subscription was not answered")
        if self._gap_by is not None and now > self._gap_by:
            self._gap_by = None
            self._subscribe_at = now
        if self._subscribe_at is not None and now >= self._subscribe_at:
            self._subscribe()
        if self._page_at is not None and now >= self._page_at:
            self._fetch_page()

    def _plan(self):
        """Whether a delta is missing, and whether so much has left that the page below is wanted."""
        now = time.monotonic()
        if not self.line.early or self._answer_by is not None:
            self._gap_by = None
        elif self._gap_by is None:
            self._gap_by = now + GAP_CLOSES_WITHIN_S
        if self.line.is_whole or len(self.line.items) >= self.limit:
            self._page_at = None
        elif self._page_at is None:
            self._page_at = now

    def _subscribe(self):
        """With the position that is held: the answer is exactly what was missed, or the line."""
        request = {"line": self.name, "limit": self.limit}
        if self.line.position is not None:
            request["since"] = self.line.position
        self._subscribe_at = None
        self._answer_by = time.monotonic() + ANSWER_WITHIN_S
        self._connection.subscribe(request)

    def _on_answer(self, answer):
        self._heard_at = time.monotonic()
        self._answer_by = None
        error = answer.get("error")
        if error is not None:
            if not error["temporary"]:
                raise Ended(f"{error['code']}: {error['message']}")
            self._subscribe_at = time.monotonic() + error.get("retryAfterMs", 1000) / 1000 * random.uniform(1, 1.5)
            return
        if answer["protocol"] != PROTOCOL:
            raise Ended(f"the server speaks protocol {answer['protocol']}")
        self._back_off.reset()
        self._behind_at = None
        if answer["kind"] == "snapshot":
            gone = self.line.take_snapshot(answer)
            self._show.snapshot(self.line, gone)
        else:
            for delta in answer["deltas"]:
                self._show.ops(self.line.take_delta(delta))
        self.line.drop_passed()
        # Deltas that were faster than their acknowledgement.
        for delta in list(self.line.early.values()):
            self._show.ops(self.line.take_delta(delta))
        self._show.position(self.line)

    def _on_delta(self, delta):
        if delta["line"] != self.name:
            return
        if self.line.epoch is None or self._answer_by is not None:
            # It belongs to the answer that is on its way.
            self.line.early[delta["from"]] = delta
            return
        before = self.line.position
        self._show.ops(self.line.take_delta(delta))
        if self.line.position != before:
            self._behind_at = None
            self._show.position(self.line)

    def _on_tick(self, tick):
        self._heard_at = time.monotonic()
        if tick["line"] != self.name or self._answer_by is not None:
            return
        if not tick["live"]:
            self._show.connection(f"the server has heard nothing since {tick.get('since', tick['at'])}")
        is_behind = tick["offset"] > self.line.offset
        # A delta may be on its way when the tick is written; it cannot be so for two ticks.
        if tick["epoch"] != self.line.epoch or (is_behind and self._behind_at == self.line.offset):
            self._subscribe()
        self._behind_at = self.line.offset if is_behind else None

    def _on_reset(self, reset):
        if reset["line"] == self.name:
            self._subscribe()

    def _on_goodbye(self, goodbye):
        if not goodbye["temporary"]:
            raise Ended(f"the server said goodbye: {goodbye['code']}")
        raise Cut(f"the server said goodbye: {goodbye['code']}", goodbye["retryAfterMs"] / 1000)

    def _on_disconnect(self, _):
        raise Cut("the connection was cut")

    def _fetch_page(self):
        query = {"before": self.line.next, "limit": self.limit}
        self._page_at = time.monotonic() + PAGE_AGAIN_AFTER_S
        try:
            answer = requests.get(f"{self.url}/v1/lines/{self.name}", query, timeout=ANSWER_WITHIN_S)
            answer.raise_for_status()
        except requests.RequestException:
            return  # it is asked for again
        if self.line.take_page(answer.json()):
            self._page_at = None
            self._plan()
            self._show.position(self.line)


class Printer:
    """Text is text: nothing of it is taken for markup. Of what was withdrawn only the id is said."""

    def __init__(self, prints_state):
        self._prints_state = prints_state

    def snapshot(self, line, gone):
        for item in reversed(line.in_order()):
            self._say(f"  {headline(item)}")
        for item_id in gone:
            self._say(f"- {item_id} has left the line")

    def ops(self, ops):
        for op in ops:
            if op["op"] == "remove":
                self._say(f"- {op['id']} has left the line: {op['reason']}")
            else:
                self._say(f"{'+' if op['item']['change'] == 'new' else '~'} {headline(op['item'])}")

    def position(self, line):
        if self._prints_state:
            state = line.sha256() if line.is_whole else "only the top is held"
            self._say(f"= {line.position} {len(line.items)} {state}")

    def connection(self, words):
        self._say(f"… {words}")

    def _say(self, words):
        print(words, flush=True)


def headline(item):
    marks = [f"[{item['change']}]"] if item["change"] != "new" else []
    if item.get("correctionNote"):
        marks.append(f"({item['correctionNote']})")
    return " ".join([item["orderedAt"][11:16], item["headline"], *marks])


def main():
    parser = argparse.ArgumentParser(description="Follow one line of a News Line server.")
    parser.add_argument("url", help="such as https://news.example")
    parser.add_argument("--line", default="main")
    parser.add_argument("--limit", type=int, default=50, help="how many items to hold at least, 1 to 200")
    parser.add_argument("--transport", choices=["websocket", "polling"], default="websocket")
    parser.add_argument("--state", action="store_true", help="print position, count and state hash after every step")
    options = parser.parse_args()
    try:
        Follower(options, Printer(options.state)).run()
    except Ended as ended:
        sys.exit(str(ended))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
