"""The life of consultations, as rules and invariants: see tests/bot/desk/test_life.py."""

from tests.bot.desk.life.world import Fate, World, tables

__all__ = ["Fate", "World", "tables"]
