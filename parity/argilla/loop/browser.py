"""People who answer in a real browser, by keys."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect

PATIENCE = 10_000


def launched(playwright: Playwright) -> Browser:
    """The system's Chromium, which refuses to build its sandbox for root."""
    paths = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    path = next((path for path in paths if os.access(path, os.X_OK)), None)
    if path is None:
        raise SystemExit("There is no Chromium; ./dev setup installs it.")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.getuid() == 0 else [])


class Desk:
    """The annotation page of a dataset, as a person who signed in sees it."""

    def __init__(self, browser: Browser, url: str, dataset: str, username: str, password: str):
        self._page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
        self._page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._page.goto(f"{url}/sign-in")
        self._page.fill("[name=username]", username)
        self._page.fill("[name=password]", password)
        self._page.keyboard.press("Enter")
        self._page.wait_for_url(f"{url}/")
        self._page.goto(f"{url}/dataset/{dataset}/annotation-mode")
        self._page.wait_for_selector(".form")

    @property
    def shown(self) -> str:
        """The external id of the record in view."""
        return self._page.locator(".meta .tag").first.text_content()

    def field(self, name: str) -> str:
        return self._page.locator(f"[data-field={name}] .field-body .plain").text_content()

    @property
    def suggestion(self) -> str:
        """Who suggests the answer, and how sure of it."""
        return " ".join(self._page.locator(".from").first.inner_text().split())

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def answer(self, *keys: str) -> str:
        """Presses the keys and submits; the external id of what was answered."""
        record = self.shown
        self.press(*keys)
        with self._page.expect_response(lambda response: "/responses" in response.url and response.request.method != "GET") as sent:
            self.press("Enter")
        if not sent.value.ok:
            raise AssertionError(f"{record}: the server answered {sent.value.status} {sent.value.text()}")
        return record

    def wait_past(self, record: str) -> None:
        """Until another record is in view, or none is left."""
        expect(self._page.locator(".meta .tag").first).not_to_have_text(record, timeout=PATIENCE)

    def rank(self, better: Callable[["Desk"], int], count: int) -> list[str]:
        """Ranks that many records; the external ids of those."""
        answered = []
        for _ in range(count):
            # a digit is the rank of the first option, the next one that of the second
            keys = ("1", "2") if better(self) == 0 else ("2", "1")
            answered.append(self.answer(*keys))
            self.wait_past(answered[-1])
        return answered

    def keep(self, file: Path) -> None:
        self._page.screenshot(path=file)
