"""A real browser, killed, stopped and cut off while it sends: every deed exactly once on the server."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.browsers.interface import Page, wait_until
from tests.e2e.device import Device
from tests.e2e.proxy import Fate, Proxy
from tests.e2e.reader import Reader
from tests.e2e.site import Site

BATCH = "/annotations/batch"
STAGES = ("before it is sent", "after it was sent", "after the answer")
_ON_A_PAGE = 12
_DEEDS = ("create", "edit", "create", "delete", "edit")


@dataclass
class Deeds:
    """A reader who makes, edits and deletes, one deed at a time, and what the server has to know of it."""

    device: Device
    site: Site
    done: int = 0
    # By annotation: how often each verb has to stand in its history, and its note; None: deleted.
    history: dict[str, Counter[str]] = field(default_factory=dict)
    notes: dict[str, str | None] = field(default_factory=dict)
    _page: Page | None = None
    _made: int = 0

    def next(self) -> None:
        """Returns when the browser has called it saved."""
        alive = [id for id, note in self.notes.items() if note is not None]
        verb = _DEEDS[self.done % len(_DEEDS)]
        self.done += 1
        if verb == "create" or not alive:
            self._create()
            return
        id = alive[-1]
        self.history[id][verb] += 1
        if verb == "edit":
            self.notes[id] = f"after {self.done} deeds"
            self.device.ask("annotation.write", id=id, note=self.notes[id])
        else:
            self.notes[id] = None
            self.device.ask("annotation.delete", id=id)

    def leave_page(self) -> None:
        """The browser was ended: what was open is gone."""
        self._page = None
        self.device.forget_page()

    def _create(self) -> None:
        number, at = divmod(self._made, _ON_A_PAGE)
        if self._page is None or at == 0:
            if self._page is not None:
                self._page.close()
            self._page = self.device.browser.open(self._article(number))
        self._made += 1
        before = self.device.ids()
        self._page.bring_to_front()
        Reader(self.device.browser, self.device.server).highlight(self._page, _sentence(number, at))
        # Painted at once; saved a moment later.
        [id] = wait_until(lambda: self.device.ids() - before, what=lambda: "the highlight to be saved")
        self.history[id], self.notes[id] = Counter(create=1), ""

    def _article(self, number: int) -> str:
        sentences = "".join(f"<p>{_sentence(number, at)}.</p>" for at in range(_ON_A_PAGE))
        return self.site.add(
            f"/article/{number}",
            f"<!doctype html><title>Article {number}</title><article><h1>Article</h1>{sentences}</article>",
        )

    def compare(self) -> dict[str, Any]:
        """Lost: not in the row's history, or not what the row is now. Duplicates: once too often."""
        server = self.device.server
        told: dict[str, Counter[str]] = {}
        for event in server.query("SELECT row, verb FROM annotator_event WHERE kind = 'annotation'"):
            told.setdefault(_plain(event["row"]), Counter())[event["verb"]] += 1
        rows = {_plain(row["id"]): row for row in server.query("SELECT * FROM annotator_annotation")}
        lost = duplicates = 0
        for id, wanted in self.history.items():
            found = told.get(_plain(id), Counter())
            lost += (wanted - found).total()
            duplicates += (found - wanted).total()
            row, note = rows.get(_plain(id)), self.notes[id]
            now = None if row is None or row["deleted"] is not None else row["note"]
            lost += row is None or now != note
        duplicates += len(rows.keys() - {_plain(id) for id in self.history})
        return {"acknowledged": self.done, "rows": len(rows), "lost": lost, "duplicates": duplicates}


def stopped_workers(deeds: Deeds, proxy: Proxy, rounds: int, seed: int = 1) -> dict[str, Any]:
    """The browser's worker is stopped at each stage of sending, so many times each."""
    dice = random.Random(seed)
    for stage in STAGES:
        for _ in range(rounds):
            _interrupted(deeds, proxy, stage, dice.uniform(0, 0.04), deeds.device.browser.stop_background)
    return {"stopped": rounds * len(STAGES), **deeds.compare()}


def killed_browser(deeds: Deeds, proxy: Proxy, kills: int, seed: int = 1) -> dict[str, Any]:
    """SIGKILL to every process of the browser while it exchanges, so many times."""
    browser, dice = deeds.device.browser, random.Random(seed)

    def start_again() -> None:
        deeds.leave_page()
        browser.start()

    for _ in range(kills):
        _interrupted(deeds, proxy, dice.choice(STAGES), dice.uniform(0, 0.2), browser.kill, start_again)
    return {"kills": kills, **deeds.compare()}


def _interrupted(
    deeds: Deeds,
    proxy: Proxy,
    stage: str,
    after_the_answer: float,
    interrupt: Callable[[], None],
    recover: Callable[[], None] = lambda: None,
) -> None:
    """One more deed, cut off at this stage of sending it; then all is sent. Waits are seconds."""
    arrest = proxy.arrest(BATCH, with_answer=stage != STAGES[0])
    deeds.next()
    arrest.wait()
    if stage == STAGES[2]:
        arrest.end(goes_on=True)
        time.sleep(after_the_answer)
    interrupt()
    arrest.end(goes_on=False)
    recover()
    deeds.device.synchronise()


def dropped_answers(deeds: Deeds, proxy: Proxy, drops: int, seed: int = 1) -> dict[str, Any]:
    """Answers are lost, requests never, until so many were: of writes and of the feed alike."""
    device, dice = deeds.device, random.Random(seed)

    wanted = proxy.lost + drops

    def fate(method: str, path: str) -> Fate:
        return Fate.ANSWER_LOST if proxy.lost < wanted and dice.random() < 0.5 else Fate.PASSES

    proxy.fate = fate
    while proxy.lost < wanted:
        deeds.next()
        device.synchronise(120)
    proxy.fate = lambda method, path: Fate.PASSES
    device.synchronise()
    return {"answers dropped": drops, **deeds.compare()}


def _sentence(number: int, at: int) -> str:
    return f"Sentence {at} of article {number} stands here"


def _plain(id: object) -> str:
    return str(id).replace("-", "")
