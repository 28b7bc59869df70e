"""What do the first and the last sheet of the workbook say?"""

from __future__ import annotations

from triage.lists.names import ANSWER
from triage.lists.results import CROSSES, DECIDED, EDGE, LESS_RELIABLE, MAY_HAVE_JOB, STRUCK
from triage.lists.safety import cleaned
from triage.lists.summary import Report
from triage.schema import as_data

Lines = list[tuple[str, str, str]]

SENSITIVE = (
    "SENSITIVE: this workbook holds answers or reasons about health, disability, attitudes or family background."
    " Keep it where only the people who need it can open it, and delete it when it has served its purpose."
)
_PERSONAL = "This workbook holds personal data about people who face redundancy. Share it only where it is needed."
_PLACES = (
    "plain",
    "Places",
    "Everybody with enough answers, in the order of the score. A proposal: fill in the columns for overrides on the"
    " sheet Clients. Where people with the same score stand at the edge, a person decides between them.",
)
_COLUMNS = (
    ("row", "The row of the list that was scored."),
    ("logit", "Log-odds, the exact score. Bands and ties are decided on it."),
    ("probability", "The estimate as a chance."),
    ("lower, upper", "The ends of its range."),
    ("proposed_band", "The support that is proposed. Empty where there are not enough answers."),
    (
        "decided_band",
        "What a named person decided in the columns for overrides. It counts once that person accepts it.",
    ),
    (
        "reason_1 to reason_3",
        "Answers that make finding work slower for people with answers like these, strongest first.",
    ),
    ("strength_1 to strength_3", "Answers in the person's favour, strongest first."),
    ("unanswered", "Questions of the interview that were not asked. They move the figure neither up nor down."),
    ("status", "Scored or not, and what else there is to know."),
    ("problem", "What could not be used in the row, and why."),
    ("model, checklist, cutoffs, date", "What the score was made with. With the answers it can be worked out again."),
    (f"{ANSWER}...", "The answers as they were understood, where they were asked for."),
    ("override_band, override_reason, override_by", "To fill in: another band, a reason code, and who says so."),
)
_DECIDED = (DECIDED, "A named caseworker has confirmed or changed the proposal. What they decided is in decided_band.")
_STATUS = (
    ("proposed", "There is a proposal. A named caseworker confirms or changes it."),
    ("claimed", "Somebody is named as having decided another band."),
    (
        "not enough answers",
        "Too little is known to propose a band. The next step is to talk. It does not mean a low risk.",
    ),
    (CROSSES, "The range reaches another band, so more than one is possible. Decide together with the client."),
    (EDGE, "More people share this score than there are places left. A person decides, with a reason."),
    (LESS_RELIABLE, "Several complex needs, or several heavy factors at once. Figures are least reliable there."),
    (MAY_HAVE_JOB, "A comment, a status or a name on the list says something like it. Comments are not kept."),
    (STRUCK, "The row was struck through on the list. The person may have left."),
    ("not a client; empty", "Staff, totals, headings and empty rows. They are kept so that no row is missing."),
)


def about(report: Report) -> Lines:
    """The first sheet: what this is, from when, with what, and what it may be used for."""
    engine, options = report.engine, report.options
    wording = engine.words.wording
    lines: Lines = [("title", "Scored attendance list", ""), ("plain", "", "")]
    if options.sensitive:
        lines += [("marked", SENSITIVE, ""), ("plain", "", "")]
    lines += [
        ("plain", "List", cleaned(report.plan.source.path.name)),
        ("plain", "Scored as on", options.on.isoformat()),
        ("plain", "Model", f"{engine.versions.model}"),
        ("plain", "Checklist", engine.versions.checklist),
        ("plain", "Cut-offs", f"{engine.versions.cutoffs}: {engine.cutoffs.file.title}"),
        ("plain", "Where the figures come from", report.engine.words.source()[-1]),
        ("plain", "", _PERSONAL),
        ("section", "Counts", ""),
    ]
    lines += [("plain", *_counted(text)) for text in [*report.counts(), *report.bands()]]
    lines += [("section", "What it may be used for", "")]
    lines += [("strong", wording.permitted_use.short, "")]
    lines += [("plain", text, "") for text in wording.permitted_use.text]
    lines += [("section", "The sheets", "")]
    lines += [
        ("plain", "Clients", "Every row of the list, in its order. Filter and sort as you like."),
        (
            "plain",
            "Speak to first",
            "People about whom too little is known, then those for whom more than one band is possible.",
        ),
        *([_PLACES] if report.proposal is not None else []),
        ("plain", "Problems", "What could not be used, row by row."),
        ("plain", "What the figures mean", "What each column says, and what it does not say."),
    ]
    lines += [("section", "How the list was read", "")]
    lines += [("plain", *_paired(text)) for text in report.used()]
    return lines + [("plain", text, "") for text in report.remarks()]


def meaning(report: Report) -> Lines:
    """The last sheet: what the figures mean, and what they must not be used for."""
    engine = report.engine
    wording = engine.words.wording
    label = as_data(engine.bundle.manifest.label)
    lines: Lines = [("title", "What the figures mean", "")]
    lines += [("plain", text.format(**label), "") for text in wording.meaning]
    lines += [("plain", engine.words.base(), "")]
    lines += [("section", "Limits", "")]
    lines += [("plain", text, "") for text in wording.limits]
    lines += [("plain", text, "") for text in engine.words.source()]
    lines += [("section", "Must not be used for", ""), ("strong", wording.permitted_use.short, "")]
    lines += [("plain", text, "") for text in wording.permitted_use.text]
    lines += [("section", "Bands", "")]
    lines += [("plain", band.name, band.offers) for band in engine.cutoffs.bands]
    lines += [("plain", "", wording.band.everyone)]
    said = (_DECIDED, *_STATUS) if report.summary.decided else _STATUS
    lines += [("section", "Columns of the sheet Clients", ""), *(("plain", *pair) for pair in _COLUMNS)]
    lines += [("section", "What the status says", ""), *(("plain", *pair) for pair in said)]
    kept = [question.label for question in engine.checklist.questions if question.kept_apart]
    if kept and not report.options.sensitive:
        text = "Answers and reasons about these are never written here, whether or not they were given"
        lines += [("section", "Kept apart", ""), ("plain", f"{text}: {', '.join(kept)}.", "")]
    return lines


def _paired(text: str) -> tuple[str, str]:
    """A column of the list and the question that it answers."""
    heading, _, question = text.strip().partition(" -> ")
    return heading, question


def _counted(text: str) -> tuple[str, str]:
    """A line of the summary as a figure and what it counts."""
    number, _, words = text.strip().partition("  ")
    return (words.strip(), number) if words and number.replace(",", "").isdigit() else (text.strip(), "")
