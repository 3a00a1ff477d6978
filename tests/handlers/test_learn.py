"""`/prodops learn`: every text of the playbook is found, and unknown words lead on."""

from tests.stage import Stage, words


async def test_the_overview_leads_to_every_topic(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    [shown] = await stage.type(zoe, "learn")
    assert shown.ephemeral_for == zoe.id
    for topic, expected in {
        "Mistakes": "*No baseline*\nEffect: Nobody can prove anything improved\nFix: ",
        "Best practices": "*Pilot in one team for a quarter*\nWhy: Cheap proof",
        "FAQ": "*When should we hire?*\nRule of thumb: 5 or more PMs",
        "Comparisons": "*Doing Nothing*\nProduct operations gives: Gains that add up",
        "Terms": "*OKRs*\nObjectives with measurable key results",
        "The five steps": "*1. Assess*\nA1: Name an executive sponsor",
        "Maturity levels": "*Toolstack*\n1 Ad-hoc: Teams choose tools alone",
        "Benchmarks": "*Product Operations ROI (E-Commerce)*\nLow: &lt;1x",
        "Insight rules": "*R01*\nWatches for: operational share over 30%",
    }.items():
        await stage.click(zoe, shown, topic)
        assert expected in words(shown)
        await stage.click(zoe, shown, "All topics")


async def test_search_pages_and_near_misses(stage: Stage) -> None:
    ben = stage.people[1]
    assert "When should we hire?" in await stage.typed(ben, "learn hire")
    assert "*OKRs*" in await stage.typed(ben, "learn okr")
    assert "Return on product operations (ROI)" in await stage.typed(ben, "learn roi")
    assert "*No baseline*" in await stage.typed(ben, "learn mistaks")
    assert "*Consultant-Led Only*" in await stage.typed(ben, "learn Consultent")
    [shown] = await stage.type(ben, "learn faq")
    assert "1 to 8 of 10" in words(shown)
    await stage.click(ben, shown, "Next")
    assert "9 to 10 of 10" in words(shown)
    await stage.click(ben, shown, "Previous")
    assert "What is Product Operations?" in words(shown)
    assert "I know nothing about “zebra” yet" in await stage.typed(ben, "learn zebra")
    said = await stage.typed(ben, "learn <!channel> <https://evil.example|x>")
    assert "<!channel>" not in said
    assert "<https" not in said
