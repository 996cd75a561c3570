"""What the desk refuses, in codes that a card turns into a sentence."""


class RefusedError(Exception):
    """A person asked for what cannot be; `code` names the sentence, `values` fill it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class WrongStageError(RefusedError):
    """The consultation has moved on since the button was shown."""

    def __init__(self, consultation: int, stage: str) -> None:
        super().__init__("wrong_stage", consultation=consultation, stage=str(stage))
