"""A text with letters outside of the first plane, and a value for each of the six questions about it."""

EMOJI = "Ada 👩‍💻 met José in Zürich 🏔."
ADA = {"label": "PER", "start": 0, "end": 3}
ZURICH = {"label": "LOC", "start": EMOJI.index("Zürich"), "end": EMOJI.index("Zürich") + len("Zürich")}
PEAK = {"label": "LOC", "start": EMOJI.index("🏔"), "end": EMOJI.index("🏔") + 1}
VALUES = {
    "label": "good",
    "topics": ["sea", "law"],
    "stars": 0,
    "order": ["c", "a", "b"],
    "better": "Ada met José. 🙂",
    "names": [ADA, ZURICH, PEAK],
}
