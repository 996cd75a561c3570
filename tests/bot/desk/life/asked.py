"""Rules of a question until it is sent."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.desk import asking, choosing, confiding, offering
from bot.desk.tables import Level, Stage
from bot.desk.views import Found
from tests.bot.desk.conftest import DAY
from tests.bot.desk.life.cast import ASKERS, some
from tests.bot.desk.life.world import World, when

askers = st.sampled_from(ASKERS)


class Asked(World):
    @rule(chat=askers, found=st.integers(0, 3))
    def ask(self, chat: int, found: int) -> None:
        hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(found)]
        hits += [Found("answer-1", 0.4, "possible", "证据")]
        heard = self.office.heard(chat, "铝压铸件有气孔")
        self.act(asking.ask, heard, hits)

    @when(Stage.DRAFT)
    @rule(which=some, line=st.integers(0, 5))
    def choose(self, which: int, line: int) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is None:
            return
        lines = asking.candidates_of(self.office.session, draft.id or 0)
        chat = self.chat_of(draft.asker_id)
        if line < len(lines):
            self.act(choosing.choose, chat, lines[line].id)
        else:
            choice = choosing.choose_own if line == 5 else choosing.choose_nobody
            self.act(choice, chat, draft.id)

    @when(Stage.DRAFT)
    @rule(which=some, text=st.sampled_from(["改过的问题", "", "再改"]))
    def edit(self, which: int, text: str) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is not None:
            chat = self.chat_of(draft.asker_id)
            self.act(choosing.edit, chat, draft.id)
            self.act(choosing.rewrite, chat, text)

    @when(Stage.DRAFT)
    @rule(which=some, level=st.sampled_from(list(Level)))
    def confide(self, which: int, level: Level) -> None:
        draft = self.one(which, Stage.DRAFT)
        if draft is not None:
            self.act(confiding.choose_level, self.chat_of(draft.asker_id), draft.id, level.value)

    @when(Stage.DRAFT)
    @rule(chat=askers, which=some, twice=st.booleans())
    def send(self, chat: int, which: int, twice: bool) -> None:
        """Any preview still in the chat, pressed once or twice."""
        previews = [owed.values for owed in self.office.owed(chat) if owed.card == "preview"]
        if previews:
            shown = previews[which % len(previews)]
            for _ in range(1 + twice):
                before = self.stage(shown["consultation"])
                self.act(offering.confirm, chat, shown["consultation"], shown["seen"], DAY)
                if before is Stage.DRAFT and self.stage(shown["consultation"]) is Stage.OFFERED:
                    sent = self.office.consultation(shown["consultation"])
                    assert sent.forwarded == shown["text"]

    @rule(chat=askers, line=st.integers(0, 5), level=st.sampled_from(list(Level)))
    def ask_and_send(self, chat: int, line: int, level: Level) -> None:
        """The straight way there, so that more of the life is lived."""
        self.ask(chat, 3)
        self.choose(-1, line)
        if level is not Level.PUBLIC:
            self.confide(-1, level)
        self.send(chat, -1, twice=False)
