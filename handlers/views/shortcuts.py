"""Buttons that do what a subcommand does, for a team, wherever they stand."""

from domain.cleaning import printable
from handlers.views.blocks import Block, button, one_line

#: The subcommand follows after a colon; the value is a team's id, or empty for none.
COMMAND = "prodops_command"

#: What members may ask for of a team, what its leads may besides, and what needs no team.
FOR_MEMBERS = (
    ("Summary", "summary"),
    ("Checklist", "checklist"),
    ("Maturity", "maturity"),
    ("Insights", "insights"),
    ("Benchmark", "benchmark"),
    ("Decisions", "decisions"),
)
FOR_LEADS = (("Goals", "goals"), ("ROI", "roi"))
FOR_ALL = (("Learn", "learn"), ("Quiz", "quiz"), ("All commands", "help"))


def command_button(label: str, command: str, team_id: str = "", team_name: str = "") -> Block:
    """`/prodops <command>` as a button; the team's name is for those who hear it."""
    about = f"{label} of {one_line(team_name, 40)}" if printable(team_name).strip() else ""
    return button(label, f"{COMMAND}:{command}", team_id, spoken=about)


def read_command(action_id: str) -> str:
    """The subcommand that a button stands for."""
    return action_id.partition(":")[2]
