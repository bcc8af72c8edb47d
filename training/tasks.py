"""The tasks: each a folder of the same few files that offers itself here. A new task is a new folder and a line.

config       options and recipes          load      opens a run's networks
networks     by the options' values       export    what the converter publishes
losses                                    paint     a painter of photos at full size
batches      pictures to learn from       train     the command line of its first recipe
validation   figures and samples
"""

from pathlib import Path

from training.common import runs
from training.common.task import Task
from training.daynight.config import RECIPES as DAYNIGHT
from training.daynight.export import exports as daynight_exports
from training.daynight.paint import MODES
from training.daynight.paint import painter as daynight_painter
from training.portrait.config import RECIPES as PORTRAIT
from training.portrait.export import exports as portrait_exports
from training.portrait.paint import MODES as PORTRAIT_MODES
from training.portrait.paint import painter as portrait_painter
from training.style.config import RECIPES as STYLE
from training.style.export import exports as style_exports
from training.style.paint import painter as style_painter
from training.synthesis.config import RECIPES as SYNTHESIS
from training.synthesis.export import exports as synthesis_exports
from training.synthesis.paint import painter as synthesis_painter

TASKS = {
    "style": Task(STYLE, style_exports, style_painter),
    "daynight": Task(DAYNIGHT, daynight_exports, daynight_painter, MODES),
    "portrait": Task(PORTRAIT, portrait_exports, portrait_painter, PORTRAIT_MODES),
    "synthesis": Task(SYNTHESIS, synthesis_exports, synthesis_painter),
}


def task_of(run: Path) -> Task:
    """The task whose recipe trained a run. Raises NotARun for a recipe that no task has."""
    recipe = runs.read_config(run).get("recipe")
    for task in TASKS.values():
        if recipe in task.recipes:
            return task
    known = ", ".join(name for task in TASKS.values() for name in task.recipes)
    raise runs.NotARun(f"{run} is a run of the recipe {recipe}, which no task has: name a run of {known}")
