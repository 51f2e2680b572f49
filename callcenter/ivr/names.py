"""How things in a flow may be called."""

from typing import Annotated

from pydantic import StringConstraints

_NAME = r"^[a-z][a-z0-9-]{0,39}$"
NodeId = Annotated[str, StringConstraints(pattern=_NAME)]
PromptId = Annotated[str, StringConstraints(pattern=_NAME)]
LineName = Annotated[str, StringConstraints(pattern=_NAME)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FactValue = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,80}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Entry = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,20}$")]
