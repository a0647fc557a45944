"""The extension with a wrong clock: its background believes that it is another time, the browser does not.

A browser has no switch for that. A copy of the build gets a script that is loaded before all others; alarms,
which the browser keeps by its own clock, are translated: on a machine whose clock is wrong both agree.
Whatever the background decides by the time (tokens, waits, leases, undo) runs as it is.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

TEN_YEARS: Final = 10 * 365 * 24 * 60 * 60  # seconds
_SCRIPT = """
const off = %d;
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...words) { super(...(words.length === 0 ? [Right.now() + off] : words)); }
  static now() { return Right.now() + off; }
};
const { alarms } = globalThis.browser ?? globalThis.chrome;
const [create, get] = [alarms.create.bind(alarms), alarms.get.bind(alarms)];
alarms.create = (name, { when, ...more }) =>
  create(name, when === undefined ? more : { ...more, when: when - off });
alarms.get = async (name) => {
  const alarm = await get(name);
  return alarm && { ...alarm, scheduledTime: alarm.scheduledTime + off };
};
"""


def with_clock(build: Path, folder: Path, seconds: int) -> Path:
    """A copy of the built extension, inside `folder`, whose clock is so many seconds ahead."""
    copied = folder / f"clock-{build.name}"
    shutil.copytree(build, copied, dirs_exist_ok=True)
    told = json.loads((build / "manifest.json").read_text("utf-8"))["background"]
    for name in [told["service_worker"]] if "service_worker" in told else told["scripts"]:
        script = (build / name).read_text("utf-8")
        (copied / name).write_text(f'import "./clock.js";{script}', "utf-8")
    (copied / "clock.js").write_text(_SCRIPT % (seconds * 1000), "utf-8")
    return copied
