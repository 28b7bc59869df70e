"""What does an explained score look like? Draws the picture of the README from a real score.

The client is invented. Run: python -m experiments.draw_explained
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import triage
from triage.engine.reasons import spoken
from triage.engine.words import in_100
from triage.numbers import logistic

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "explained.svg"
#: The client of the README's example. Nobody in particular.
ANSWERS = {
    "age": 57,
    "qualifications": "scqf_5",
    "driving_licence": "full_clean",
    "vehicle": "yes",
    "household": "no_other_adult",
    "area": "Falkirk",
}
WIDTH, TOP, ROW, BAR = 900, 112, 34, 20
LABELS, FIGURES, LEFT, RIGHT = 24, 490, 516, 876
#: One hue. Dark raises, light with an outline lowers: they differ in lightness, outline and sign.
INK, QUIET, RAISES, LOWERS, LINE = "#1b1b1b", "#555555", "#0b4f8a", "#d6e6f5", "#c9d1d9"
SOURCE = "Estimated from published research. The client is invented."
TICKS = (0.08, 0.10, 0.12, 0.15, 0.20, 0.25)


@dataclass(frozen=True)
class Scale:
    """Log-odds to pixels."""

    low: float
    high: float

    def x(self, log_odds: float) -> float:
        """The place on the page, to a tenth of a pixel."""
        return round(LEFT + (RIGHT - LEFT) * (log_odds - self.low) / (self.high - self.low), 1)


def draw(score: triage.Score, engine: triage.Engine) -> str:
    """The SVG of one explained score: a waterfall from the base rate to the score, with its range."""
    moves = sorted(score.contributions.items(), key=lambda move: -abs(move[1]))
    moves = [(name, value) for name, value in moves if value]
    scale = Scale(score.lower_logit - 0.1, score.upper_logit + 0.1)
    bottom = TOP + ROW * (len(moves) + 2)
    body = [*_axis(scale, bottom), *_whole("Nothing known", score.baseline, TOP, scale)]
    at = score.baseline
    for place, (name, value) in enumerate(moves, start=1):
        question = engine.checklist.question(name)
        label = f"{question.label}: {spoken(question, score.answers[name], engine.features)}"
        body += _step(label, at, value, TOP + ROW * place, scale)
        at += value
    last = TOP + ROW * (len(moves) + 1)
    body += [*_range(score, last, scale), *_whole("All answers together", score.logit, last, scale)]
    label = engine.checklist.label
    title = f"{label.outcome[0].upper()}{label.outcome[1:]} {label.horizon}: how one estimate adds up"
    return _page(body, title, _words(score, moves, engine), bottom + 58)


def _axis(scale: Scale, bottom: int) -> list[str]:
    found = []
    for chance in TICKS:
        x = scale.x(math.log(chance / (1 - chance)))
        found.append(f'<line x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom}" stroke="{LINE}"/>')
        found.append(_text(x, bottom + 18, f"{100 * chance:.0f}", QUIET, "middle"))
    found.append(_text((LEFT + RIGHT) / 2, bottom + 38, "people in 100, on the scale of log-odds", QUIET, "middle"))
    found.append(_text(FIGURES, TOP - 14, "log-odds", QUIET, "end"))
    return found


def _whole(label: str, log_odds: float, y: int, scale: Scale) -> list[str]:
    x = scale.x(log_odds)
    return [
        _text(LABELS, y + 15, label, INK, weight="bold"),
        _text(FIGURES, y + 15, f"about {in_100(logistic(log_odds))} in 100", INK, "end", "bold"),
        f'<rect x="{x - 3}" y="{y - 2}" width="6" height="{BAR + 4}" fill="{INK}"/>',
    ]


def _step(label: str, start: float, value: float, y: int, scale: Scale) -> list[str]:
    left, right = sorted((scale.x(start), scale.x(start + value)))
    fill = RAISES if value > 0 else LOWERS
    box = f'x="{left}" y="{y}" width="{max(right - left, 2):.1f}" height="{BAR}"'
    return [
        _text(LABELS, y + 15, label, INK),
        _text(FIGURES, y + 15, f"{'+' if value > 0 else '−'}{abs(value):.2f}", INK, "end"),
        f'<rect {box} fill="{fill}" stroke="{RAISES}"/>',
    ]


def _range(score: triage.Score, y: int, scale: Scale) -> list[str]:
    left, right = scale.x(score.lower_logit), scale.x(score.upper_logit)
    words = f"range {in_100(score.lower)} to {in_100(score.upper)}"
    middle = y + BAR // 2
    return [
        f'<line x1="{left}" y1="{middle}" x2="{right}" y2="{middle}" stroke="{RAISES}" stroke-width="3"/>',
        *(f'<line x1="{x}" y1="{y + 2}" x2="{x}" y2="{y + 18}" stroke="{RAISES}"/>' for x in (left, right)),
        _text(right, y - 4, words, INK, "end"),
    ]


def _words(score: triage.Score, moves: list[tuple[str, float]], engine: triage.Engine) -> str:
    """The picture in words, for people who do not see it."""
    steps = "; ".join(
        f"{engine.checklist.question(name).label} {'raises' if value > 0 else 'lowers'} it by {abs(value):.2f}"
        for name, value in moves
    )
    span = f"{in_100(score.lower)} to {in_100(score.upper)}"
    return (
        f"An invented client. Nothing known: about {in_100(logistic(score.baseline))} in 100. In log-odds, {steps}."
        f" All answers together: about {in_100(score.probability)} in 100, range {span}."
    )


def _text(x: float, y: float, words: str, fill: str, anchor: str = "start", weight: str = "normal") -> str:
    style = f'fill="{fill}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'


def _page(body: list[str], title: str, words: str, height: int) -> str:
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="15">',
        '<title id="title">One score, explained</title>',
        f'<desc id="desc">{escape(words)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(LABELS, 32, title, INK, weight="bold"),
        _text(LABELS, 56, f"{SOURCE} Dark bars raise the estimate, light bars lower it.", QUIET),
    ]
    return "\n".join([*head, *body, "</svg>"]) + "\n"


def main() -> None:
    """Draw the picture again."""
    engine = triage.load()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(draw(engine.score(ANSWERS), engine), encoding="utf-8")
    print(f"Wrote {OUT}")


if __name__ == "__main__":
    main()
