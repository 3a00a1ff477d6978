"""What the operator has to set right; alone in a module, since the command line loads it first."""


class SettingsProblem(Exception):  # noqa: N818 - a finding, said to the operator
    """`lines` holds one sentence per problem, each naming what to set."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
