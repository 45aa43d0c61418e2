"""Papermill's parameters, written as Go.

Papermill finds this module by its entry point, and with it the language: papermill IN.ipynb OUT.ipynb -p workers 8
then writes a cell with "workers = 8" after the one tagged parameters. Go checks the types when the cell is run.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class GoTranslator(Translator):
    """Writes Python's values as Go's, and assigns them to variables that are there."""

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val, ensure_ascii=False)  # its escapes are Go's

    @classmethod
    def translate_escaped_str(cls, val):
        return cls.translate_str(str(val))

    @classmethod
    def translate_none(cls, val):
        return "nil"

    @classmethod
    def translate_float(cls, val):
        if not math.isfinite(val):
            raise ValueError(f"{val} cannot be written as a Go constant")
        return repr(val)

    @classmethod
    def translate_list(cls, val):
        if not val:
            return "nil"
        return cls._type(val) + "{" + ", ".join(cls.translate(v) for v in val) + "}"

    @classmethod
    def translate_dict(cls, val):
        pairs = (f"{cls.translate_str(str(k))}: {cls.translate(v)}" for k, v in val.items())
        return f"map[string]{cls._common(val.values())}" + "{" + ", ".join(pairs) + "}"

    @classmethod
    def _type(cls, val):
        """The Go type of a value."""
        for python, go in ((bool, "bool"), (int, "int"), (float, "float64"), (str, "string")):
            if isinstance(val, python):
                return go
        if isinstance(val, list):
            return "[]" + cls._common(val)
        if isinstance(val, dict):
            return "map[string]" + cls._common(val.values())
        return "any"

    @classmethod
    def _common(cls, values):
        """The Go type that fits all values."""
        types = {cls._type(v) for v in values}
        if types == {"int", "float64"}:
            return "float64"
        return types.pop() if len(types) == 1 else "any"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of a cell that has one on each line; for papermill --help-notebook."""
        found = []
        for line in parameters_cell.source.splitlines():
            m = re.match(r"(?:var\s+)?(\w+)(?:\s+([\w.\[\]]+))?\s*:?=\s*(.*?)(?:\s*//\s*(.*))?$", line)
            if m:
                found.append(Parameter(m[1], m[2] or "None", m[3], m[4] or ""))
        return found


# A kernelspec may have another name, but the language is always Go.
papermill_translators.register("gobraid", GoTranslator)
papermill_translators.register("go", GoTranslator)


class Engine(NBClientEngine):
    """Papermill's own engine. What papermill looks for, when it looks for this module, is an engine."""
