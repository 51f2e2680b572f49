"""What the provider plays for a prompt: our own sound, or its Mandarin voice where ours is a machine's, too."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    words: Mapping[str, Catalogue]

    @classmethod
    def of(cls, settings: Settings, root: str) -> "SiteVoice":
        folder = settings.flows_dir / "prompts"
        found = {CHINESE: read_catalogue(folder, CHINESE)}
        words = {language: book for language, book in found.items() if isinstance(book, Catalogue)}
        return cls(root, settings, PromptFiles.of(settings), words)

    def __call__(self, spoken: Spoken) -> Sound | None:
        """None: nothing may be heard in its place."""
        path = self.files.resolve(spoken.prompt, spoken.language, own_voice=spoken.own_voice)
        language = path.parent.name if path else CHINESE
        if path is not None and not (language == CHINESE and self._is_machine(spoken.prompt)):
            return Sound(url=f"{self.root}/{language}/{spoken.prompt}.wav")
        if path is None and spoken.own_voice and spoken.language != CHINESE:
            return None
        book = self.words.get(CHINESE)
        prompt = book.prompts.get(spoken.prompt) if book else None
        return Sound(words=prompt.say or prompt.words) if prompt else None

    def _is_machine(self, prompt_id: str) -> bool:
        return not recording(self.settings, CHINESE, prompt_id).is_file()
