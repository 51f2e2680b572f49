from tests.ivr.conftest import settings

__all__ = ["settings"]
