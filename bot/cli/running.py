"""xiaoqi run | demo"""

import asyncio
import os
import time
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.frame import app, console, progress_bar, told
from bot.settings import load_settings

DEMO = Path("var/demo")


@app.command()
def run() -> None:
    """Run the bot against Telegram, by polling or (with WEBHOOK_URL) by webhook."""
    from bot.app import serve
    from bot.logs import log_to_stderr

    with told():
        settings = load_settings()
        settings.require_telegram()
        log_to_stderr(settings)
        asyncio.run(serve(settings))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 for any free one.")] = 8700,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    topics: Annotated[
        bool, typer.Option(help="A topic for each consultation, as a bot may have them.")
    ] = False,
) -> None:
    """The whole desk on this machine, with a simulated Telegram and the sample knowledge base."""
    from bot.demo import play, prepare
    from bot.simulator.server import refuse_beside_real_token
    from bot.simulator.world import World

    with told():
        refuse_beside_real_token(os.environ.get("TELEGRAM_TOKEN"))
        world = World(clock=time.time, topics_in_private=topics)
        with progress_bar("Loading the sample knowledge base") as report:
            prepare(DEMO, world, report)
        asyncio.run(play(DEMO, world, port, console=console, browser=browser))
