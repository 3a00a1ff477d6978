"""Where what the playbook says comes from, in words that fit a caption."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "P": "our own proposal",
        "SEED": "the glossary page that ProdOps began with (rules of thumb)",
        "SEEDT": "notes by the author of that glossary page",
        "PRAG19": "Pragmatic Institute survey, 2019",
        "PRAG13": "Pragmatic Marketing survey, 2013",
        "PMF19": "Product Management Festival survey, 2019",
        "PF24": "Product Focus survey, 2024",
        "ATL26": "Atlassian State of Product, 2026",
        "PP22": "ProductPlan survey, 2022",
        "PLA22": "Product-Led Alliance survey, 2022",
        "PLA25": "Product-Led Alliance survey, 2025",
        "SVPG": "Silicon Valley Product Group",
        "CAGAN": "Marty Cagan and Chris Jones",
        "LANDI": "interviews with product operations leaders",
        "ITWARU": "talks by product operations leaders",
        "SHARE": "answers of practitioners on Sharebird",
        "PT23": "Perri and Tilles, Product Operations, 2023",
        "THI": "Stephen Thiessen's playbook",
        "PLA-MAT": "Product-Led Alliance on maturity",
        "KNIB": "Henrik Kniberg on squad health checks, 2014",
        "CMMI": "Capability Maturity Model Integration 1.3",
        "IRA17": "research on agreement between raters, 2017",
        "RUN": "research on run charts",
        "TIME": "research on time diaries",
        "PART": "bands of participation in use elsewhere",
        "ANON": "the usual floor for anonymous surveys",
        "BLS20": "US Bureau of Labor Statistics, 2020",
        "NUC": "Nucleus Research on time saved and reinvested",
    }
)


def source_words(codes: Iterable[str]) -> str:
    """`Sources: Pragmatic Institute survey, 2019; our own proposal`; a company's own as written."""
    names = list(dict.fromkeys(_NAMES.get(code, code) for code in codes))
    if not names:
        return ""
    return f"Source{'s' * (len(names) > 1)}: {'; '.join(names)}"
