from typing import Literal

from pydantic import BaseModel, Field

from callcenter.seat.model import Desired


class Want(BaseModel):
    state: Desired
    reason: str = Field("", max_length=64, description="why paused; shown on the wallboard")


class WrapUp(BaseModel):
    action: Literal["done", "extend"]


class Asked(BaseModel):
    """The engine accepted it. It is done when the live feed shows it."""

    asked: Literal[True] = True
