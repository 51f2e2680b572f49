"""What the provider plays for a prompt: our own sound, or its Mandarin voice where ours is a machine's, too."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from callcenter.cloud.document import Sound
from callcenter.config import Settings
from callcenter.ivr.model import Spoken
from callcenter.prompt.catalogue import Catalogue, PromptFiles, read_catalogue, recording

CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class SiteVoice:
    """`root`: address under which `<language>/<id>.wav` is served."""

    root: str
    settings: Settings
    files: PromptFiles
    words: Catalogue | None
    """Mandarin's."""

    @classmethod
    def of(cls, settings: Settings, root: str) -> "SiteVoice":
        path = settings.flows_dir / "prompts" / f"{CHINESE}.yaml"
        words = _words(path, path.stat().st_mtime_ns) if path.is_file() else None
        return cls(root, settings, PromptFiles.of(settings), words)

    def __call__(self, spoken: Spoken) -> Sound | None:
        """None: nothing may be heard in its place."""
        path = self.files.resolve(spoken.prompt, spoken.language, own_voice=spoken.own_voice)
        language = path.parent.name if path else CHINESE
        if path is not None and not (language == CHINESE and self._is_machine(spoken.prompt)):
            return Sound(url=f"{self.root}/{language}/{spoken.prompt}.wav")
        if path is None and spoken.own_voice and spoken.language != CHINESE:
            return None
        prompt = self.words.prompts.get(spoken.prompt) if self.words else None
        return Sound(words=prompt.say or prompt.words) if prompt else None

    def _is_machine(self, prompt_id: str) -> bool:
        return not recording(self.settings, CHINESE, prompt_id).is_file()


@lru_cache(maxsize=4)
def _words(path: Path, _changed: int) -> Catalogue | None:
    """Read once for each state of the file: a document is made while a caller waits."""
    book = read_catalogue(path.parent, path.stem)
    return book if isinstance(book, Catalogue) else None
