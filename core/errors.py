"""A refusal is an answer, not a crash: a code for programs, a sentence for people."""


class Refused(Exception):
    """An act was not done, and nothing was changed.

    `code` is one of the words below, for tests and programs; `sentence` is translated and tells
    the reader what stands in the way and what to do about it.
    """

    NOT_NOW = "not_now"  # a guard: the facts are not there yet
    NOT_YOURS = "not_yours"  # the role may not, or not in this case
    NO_SUCH_MOVE = "no_such_move"  # the chart has no such row from here
    FASTER = "someone_was_faster"  # the thing changed since the page was opened
    BAD_INPUT = "bad_input"  # what was typed cannot be taken as it is

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)
