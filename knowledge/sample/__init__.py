"""The sample knowledge base: real universities and policies; people, enterprises, patents invented.

Names and places of universities follow China-Universities-2026 (Magicdover, MIT licence).
"""

from pathlib import Path


def sample_folder() -> Path:
    """The folder of its files, to be read like any other."""
    return Path(__file__).parent
