"""Finding one's way on the page in a browser."""

from playwright.async_api import Locator, Page


def pane(page: Page, key: str) -> Locator:
    return page.locator(f".pane[data-pane={key}]")


async def write(where: Locator, text: str) -> None:
    box = where.locator("textarea")
    await box.fill(text)
    await box.press("Enter")


def last(where: Locator, side: str) -> Locator:
    return where.locator(f".msg.{side}").last
