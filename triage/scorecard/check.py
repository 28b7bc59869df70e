"""Does an evidence recipe fit the checklist that it is written for? Every fault of it at once."""

from __future__ import annotations

from collections.abc import Sequence

from triage.errors import ContentError
from triage.faults import Fault, did_you_mean
from triage.features import Features, Input
from triage.scorecard.recipe import Effect, Recipe
from triage.scorecard.reference import margin_faults
from triage.yamlfile import count


def check_recipe(recipe: Recipe, features: Features) -> None:
    """Refuse a recipe that does not fit the checklist, before a reference population is made from it.

    Raises:
        ContentError: it is for another checklist, or an effect, a block or a margin does not fit; all are named.
    """
    if recipe.checklist != features.checklist.id:
        what = f"it is written for the checklist '{recipe.checklist}', not '{features.checklist.id}'."
        refuse(recipe, [Fault(f"recipe {recipe.id}", what)])
    faults = [*_faults(recipe, features), *margin_faults(recipe.reference, features)]
    known = features.checklist.by_id
    faults += [
        Fault(
            f"recipe {recipe.id}, knowledge '{item.id}'", f"there is no question '{name}'.", did_you_mean(name, known)
        )
        for item in recipe.knowledge
        for name in item.questions
        if name not in known
    ]
    refuse(recipe, faults)


def refuse(recipe: Recipe, faults: Sequence[Fault]) -> None:
    """Raise a `ContentError` with these faults, if there are any."""
    if faults:
        raise ContentError(f"The recipe {recipe.id} cannot be used: {count(faults)}.", faults)


def _faults(recipe: Recipe, features: Features) -> list[Fault]:
    inputs = {item.id: item for item in features.inputs}
    faults: list[Fault] = []
    for effect in recipe.effects:
        item = inputs.get(effect.input)
        where = f"recipe {recipe.id}, effect '{effect.input}'"
        if item is None:
            faults.append(Fault(where, "there is no such input.", did_you_mean(effect.input, inputs)))
        else:
            faults += [Fault(where, what) for what in _effect_faults(effect, item)]
    named = [effect.input for effect in recipe.effects]
    faults += [
        Fault(f"recipe {recipe.id}", f"the input '{name}' has no effect.") for name in inputs if name not in named
    ]
    faults += [
        Fault(f"recipe {recipe.id}", f"the input '{name}' has two effects.")
        for name in sorted({name for name in named if named.count(name) > 1})
    ]
    owned = [name for block in recipe.blocks for name in block.inputs]
    faults += [
        Fault(f"recipe {recipe.id}", f"the input '{name}' stands in two blocks.")
        for name in sorted({name for name in owned if owned.count(name) > 1})
    ]
    for block in recipe.blocks:
        unknown = [name for name in block.inputs if name not in named]
        faults += [
            Fault(f"recipe {recipe.id}, block '{block.id}'", f"there is no effect '{name}'.") for name in unknown
        ]
        loose = [name for name in block.inputs if name in inputs and inputs[name].direction == "none"]
        if block.range is not None and loose:
            what = f"a block with a range needs inputs with a direction, and {', '.join(loose)} has none."
            faults.append(Fault(f"recipe {recipe.id}, block '{block.id}'", what))
    return faults


def _effect_faults(effect: Effect, item: Input) -> list[str]:
    found: list[str] = []
    if effect.answers and not item.codes:
        found.append("'answers' are for a choice, and this input is a number.")
    elif effect.answers and set(effect.answers) != set(item.codes):
        found.append(f"'answers' must be exactly {', '.join(item.codes)}.")
    elif len({(item.codes[name], ratio) for name, ratio in effect.answers.items()}) > len(set(item.codes.values())) > 0:
        found.append("two answers with the same code have different odds ratios.")
    if item.direction != "none" and effect.range[0] < 1:
        found.append(f"its range goes below 1, but the direction of the input is stated ({item.direction}).")
    if effect.even_steps and len(item.grid.values) < 2:
        found.append("'even_steps' needs at least two values.")
    return found
