"""Emoji by Slack's short names: the ones a work tool uses; others stay as their name."""

import re

_CHARACTERS = {
    "+1": "👍", "-1": "👎", "airplane": "✈️", "alarm_clock": "⏰", "arrow_down": "⬇️",
    "arrow_left": "⬅️", "arrow_right": "➡️", "arrow_up": "⬆️",
    "ballot_box_with_check": "☑️", "bar_chart": "📊", "beach_with_umbrella": "🏖️",
    "bell": "🔔", "bulb": "💡", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥",
    "calendar": "📆", "chart_with_downwards_trend": "📉", "chart_with_upwards_trend": "📈",
    "clipboard": "📋", "clock2": "🕑", "coffee": "☕", "compass": "🧭", "construction": "🚧",
    "crystal_ball": "🔮", "dart": "🎯", "date": "📅", "desert_island": "🏝️", "eyes": "👀",
    "exclamation": "❗", "face_with_thermometer": "🤒", "fire": "🔥", "gear": "⚙️",
    "grey_question": "❔", "handshake": "🤝", "heavy_check_mark": "✔️", "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳", "house": "🏠", "information_source": "ℹ️", "key": "🔑",
    "large_blue_circle": "🔵", "large_green_circle": "🟢", "large_orange_circle": "🟠",
    "large_yellow_circle": "🟡", "link": "🔗", "lock": "🔒", "mag": "🔍", "mega": "📣",
    "memo": "📝", "muscle": "💪", "no_entry": "⛔", "no_bell": "🔕", "ok_hand": "👌",
    "palm_tree": "🌴", "pause_button": "⏸️", "pencil2": "✏️", "point_right": "👉",
    "pray": "🙏", "pushpin": "📌", "question": "❓", "raised_hands": "🙌",
    "red_circle": "🔴", "repeat": "🔁", "rocket": "🚀", "rotating_light": "🚨",
    "seedling": "🌱", "slightly_smiling_face": "🙂", "smile": "😄", "sparkles": "✨",
    "speech_balloon": "💬", "star": "⭐", "stopwatch": "⏱️", "sunny": "☀️", "tada": "🎉",
    "thermometer": "🌡️", "thinking_face": "🤔", "thumbsdown": "👎", "thumbsup": "👍",
    "trophy": "🏆", "umbrella_on_ground": "⛱️", "warning": "⚠️", "wave": "👋",
    "white_check_mark": "✅", "white_circle": "⚪", "wrench": "🔧", "x": "❌", "zap": "⚡",
    "zzz": "💤",
}  # fmt: skip

SHORT_NAME = re.compile(r":([a-z0-9_+'-]{1,60}):")


def character(name: str) -> str | None:
    """The character for a short name without its colons."""
    return _CHARACTERS.get(name)


def with_emoji(text: str) -> str:
    """Plain text with the short names that are known replaced."""
    return SHORT_NAME.sub(lambda match: character(match[1]) or match[0], text)
