"""A reader's clock is years off, and jumps: order comes from the server, so that nothing comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.browsers.clocks import TEN_YEARS, with_clock
from tests.e2e.browsers.interface import wait_until
from tests.e2e.device import Device
from tests.e2e.reader import Reader
from tests.e2e.server import Server

WORDS = ("Daech n’est pas tombé", "un revers sanglant pour Daech", "François Hollande a prévenu")


def test_a_clock_ten_years_ahead_and_then_ten_years_behind_changes_nothing(
    reader: Reader, server: Server, extension: Path, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    device = Device(reader.browser, server, server.address)
    api = server.api_of("ada")

    _set_clock(device, extension, tmp_path, TEN_YEARS)
    story = reader.open()
    reader.highlight(story, WORDS[0])
    device.synchronise()
    # The clock says that the token ended long ago: it is renewed once, and the new one is believed.
    assert len(_renewals(server)) == 1
    server.stop()
    reader.highlight(story, WORDS[1])
    [first] = [row["id"] for row in device.rows("annotations") if row["version"]]
    device.ask("annotation.write", id=first, note="written here, ten years ahead")
    wait_until(lambda: device.rows("meta")[0]["failures"], what=lambda: "a try without the server")

    # What waits for its next try waits until 2036. Before it can be sent, another device was quicker.
    device.browser.close()
    server.start()
    told = api.patch(f"libraries/me/annotations/{first}", {"note": "written elsewhere"}, If_Match='"1"')
    assert told.status == 200, told
    _set_clock(device, extension, tmp_path, -TEN_YEARS)
    story = reader.open()
    reader.highlight(story, WORDS[2])
    device.synchronise()
    device.pull()

    rows = sorted(api.annotations(), key=lambda row: row["created"])
    assert [row["target"]["quote"]["exact"] for row in rows] == list(WORDS)
    assert "written here, ten years ahead" in rows[0]["note"]
    assert "written elsewhere" in rows[0]["note"]
    moments = [datetime.fromisoformat(row["created"]) for row in rows]
    assert began <= moments[0] <= moments[-1] <= datetime.now(UTC) + timedelta(seconds=1)
    mirror = {row["id"]: row for row in device.rows("annotations")}
    assert {id: (row["written"]["note"], row["created"]) for id, row in mirror.items()} == {
        row["id"]: (row["note"], row["created"]) for row in rows
    }
    assert len(_renewals(server)) == 1, _renewals(server)


def _set_clock(device: Device, extension: Path, folder: Path, seconds: int) -> None:
    device.browser.close()
    device.browser.reinstall(with_clock(extension, folder, seconds))
    device.browser.start()
    device.forget_page()


def _renewals(server: Server) -> list[str]:
    return [line for line in server.access_log() if "/oauth/token" in line]
