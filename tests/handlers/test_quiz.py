"""The quiz: one question at a time, each answer once, the score for the person alone."""

from domain.learning import load_learning
from sandbox.entities import Message, User
from storage import learning
from tests.stage import Stage, words

QUESTIONS = load_learning().quiz


async def play(stage: Stage, user: User, shown: Message, right: int, start: int = 0) -> None:
    """Answer from question `start` on, the first `right` of all ten rightly."""
    for index, asked in enumerate(QUESTIONS[start:], start):
        assert f"Question {index + 1} of 10" in words(shown)
        place = asked.right if index < right else (asked.right + 1) % len(asked.options)
        await stage.click(user, shown, asked.options[place])
        assert ("✓" if index < right else "✗") in words(shown)
        assert asked.explanation in words(shown)
        await stage.click(user, shown, "See my score" if index == 9 else "Next question")


async def test_ten_questions_a_score_and_a_better_one(stage: Stage) -> None:
    ben = stage.people[1]
    [shown] = await stage.type(ben, "quiz")
    assert shown.ephemeral_for == ben.id
    await play(stage, ben, shown, right=6)
    assert "*You scored 6 of 10.*\nYour first run." in words(shown)
    assert "Worth another look" in words(shown)
    await stage.click(ben, shown, "Start again")
    assert "Best so far: 6 of 10. Last time: 6 of 10." in words(shown)
    await play(stage, ben, shown, right=8)
    assert "You scored 8 of 10.*\nYour best so far; before it was 6 of 10." in words(shown)
    assert "Last time: 6 of 10." in words(shown)
    # Nobody else sees or changes it.
    [other] = await stage.type(stage.lead, "quiz")
    assert "Best so far" not in words(other)
    assert all(m.ephemeral_for for m in stage.world.messages(stage.channel) if "Quiz" in words(m))


async def test_it_goes_on_where_it_was_left(stage: Stage) -> None:
    ben = stage.people[1]
    [shown] = await stage.type(ben, "quiz")
    await stage.click(ben, shown, QUESTIONS[0].options[QUESTIONS[0].right])
    [again] = await stage.type(ben, "quiz")
    assert "You are at question 2 of 10." in words(again)
    await stage.click(ben, again, "Continue")
    assert "Question 2 of 10" in words(again)
    [third] = await stage.type(ben, "quiz")
    await stage.click(ben, third, "Start again")
    assert "Question 1 of 10" in words(third)
    # The older message leads to the run that counts now.
    await stage.click(ben, again, QUESTIONS[1].options[0])
    assert "Question 1 of 10" in words(again)


async def test_the_first_answer_counts_however_often_it_is_clicked(stage: Stage) -> None:
    ben = stage.people[1]
    asked = QUESTIONS[0]
    wrong = (asked.right + 1) % len(asked.options)
    [shown] = await stage.type(ben, "quiz")
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        run = await learning.open_run(tx, ben.id)
        assert run is not None
    await stage.click(ben, shown, asked.options[wrong])
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        assert not await learning.answer(
            tx, ben.id, run.run_id, 0, asked.right, is_right=True, now=run.started_at
        )
        assert not await learning.answer(
            tx, stage.lead.id, run.run_id, 1, 0, is_right=True, now=run.started_at
        )
        now = await learning.open_run(tx, ben.id)
        assert now is not None
        assert (now.answers, now.right_answers) == ((wrong,), 0)
