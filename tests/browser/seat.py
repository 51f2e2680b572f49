"""A lawyer at the real console: headless Chromium, a microphone from a file, sound in and out."""

import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Playwright, expect

from tests.asterisk.harness import PASSWORD, System
from tests.given import until

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PATIENCE_MS = 30_000
SPOKEN = "nin2 hao3 , wo3 shi4 zhi2 ban1 lv4 shi1 . qing3 nin2 shuo1 yi1 xia4 qing2 kuang4 ."


def chromium() -> str | None:
    return next((path for path in CHROMIUM if Path(path).exists()), None)


def speech(folder: Path) -> Path:
    """What the microphone hears. Speech, because Chromium's noise suppression takes a steady tone for noise."""
    said, file = folder / "said.wav", folder / "microphone.wav"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-a", "180", "-w", said, SPOKEN], check=True)
        subprocess.run(["sox", said, "-r", "48000", "-c", "1", "-b", "16", file, "gain", "-n", "-3"], check=True)
    return file


class Browser:
    """One Chromium with a profile of its own, on one page of the product."""

    def __init__(
        self, playwright: Playwright, folder: Path, system: System, width: int = 1366, height: int = 768
    ) -> None:
        self.system = system
        self._context = playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=chromium(),
            headless=True,
            chromium_sandbox=False,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            permissions=["microphone", "notifications"],
            args=[
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
                "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={speech(folder)}", "--allow-loopback-in-peer-connection",
            ],
        )  # fmt: skip
        self.page: Page = self._context.pages[0]
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, username: str, at: str = "/") -> None:
        self.page.goto(self.system.base + at)
        self.find("sign-in-user").fill(username)
        self.find("sign-in-password").fill(PASSWORD)
        self.find("sign-in-submit").click()

    def find(self, name: str) -> Locator:
        """By `data-testid`. Element Plus puts it on the field itself or on a box around it."""
        found = self.page.get_by_test_id(name)
        inner = found.locator("input, textarea")
        return inner.first if name.startswith("sign-in-") and inner.count() else found

    def shows(self, name: str, state: str, within: float = PATIENCE_MS / 1000) -> None:
        expect(self.page.get_by_test_id(name)).to_have_attribute("data-state", state, timeout=within * 1000)

    def write(self, name: str, text: str) -> None:
        self.field(name).fill(text)

    def field(self, name: str) -> Locator:
        """Where one types; Element Plus puts the name on it or around it."""
        found = self.page.get_by_test_id(name)
        return found if found.evaluate("e => e.tagName") == "TEXTAREA" else found.locator("textarea")

    def close(self) -> None:
        self._context.close()


class BrowserSeat(Browser):
    """A lawyer. What she does she does by the buttons; what she sees is what the page shows."""

    number = ""

    def arrive(self, number: str) -> None:
        """Sign in and go on duty, which runs the self-test of microphone, registration and echo."""
        self.number = number
        self.sign_in(number)
        self.shows("phone-status", "registered")
        self.find("state-menu").click()
        self.find("state-ready").click()
        self.shows("state-menu", "ready")

    def answer(self) -> None:
        self.shows("call-card", "ringing")
        self.find("answer").click()
        self.shows("call-card", "talking")

    def press(self, button: str) -> None:
        self.find(button).click()

    def stats(self) -> dict[str, Any] | None:
        found = self.page.evaluate("() => window.__phoneStats()")
        return dict(found) if found else None

    def hears_and_is_heard(self, within: float = 20.0) -> dict[str, Any]:
        """Wait until sound has gone both ways for a second: packets and energy in, packets and microphone out."""

        def both() -> dict[str, Any] | None:
            seen = self.stats()
            if seen is None:
                return None
            enough = seen["inbound"]["packets"] >= 50 and seen["outbound"]["packets"] >= 50
            sounding = seen["inbound"]["energy"] > 0.001 and seen["microphone"]["energy"] > 0.001
            return seen if enough and sounding else None

        return until(both, within=within, saying=lambda: f"no sound both ways: {self.stats()}")

    def write_record(self, topic: tuple[str, str], request: str, reply: str, outcome: str) -> None:
        self.find("record-topic").locator("input").first.click()
        for name in topic:
            self.page.get_by_role("menuitem", name=name, exact=False).first.click()
        self.write("record-request", request)
        self.write("record-reply", reply)
        self.find(f"record-outcome-{outcome}").click()
