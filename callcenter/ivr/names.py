"""How things in a flow may be called."""

from typing import Annotated

from pydantic import StringConstraints

_NAME = r"^[a-z][a-z0-9]{0,29}(-[a-z0-9]{1,29}){0,9}$"
"""Never two dashes in a row: `--` joins a subflow's node to the node that called it."""
NodeId = Annotated[str, StringConstraints(pattern=_NAME, max_length=40)]
PromptId = Annotated[str, StringConstraints(pattern=_NAME, max_length=40)]
LineName = Annotated[str, StringConstraints(pattern=_NAME, max_length=40)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FactValue = Annotated[str, StringConstraints(pattern=r"^[\w .:+/@-]{1,80}$")]
"""Letters of any script, digits and a few marks: the same text must be safe in Asterisk's dialplan."""
EntryId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$", min_length=3, max_length=80)
]
"""Of a knowledge entry: its file's name under `knowledge_base/` without `.md`."""
Word = Annotated[str, StringConstraints(pattern=r"^\w{1,12}( \w{1,12}){0,5}$")]
"""Something that is said; vocabulary words with spaces between them where the model wants them split."""
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Entry = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,20}$")]
