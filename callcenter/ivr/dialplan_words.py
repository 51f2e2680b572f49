"""The words of which flows in plain dialplan consist."""

from collections.abc import Iterable, Iterator

from callcenter.ivr.flow import Collect, Language, Menu, Speech, Survey


def exten(node_id: str) -> str:
    """Asterisk takes no notice of a dash in an extension's name, so there is none."""
    return f"n_{node_id.replace('-', '_')}"


def fact(name: str, value: str) -> str:
    return f"Gosub(fact,s,1({name},{value}))"


def sounds(prompts: Iterable[str], language: str = "${CC_LANG}") -> str:
    return "&".join(f"${{PROMPTS}}/{language}/{prompt}" for prompt in prompts)


def extension(name: str, steps: Iterable[str]) -> Iterator[str]:
    """Steps may carry a label: `(label)Set(…)`."""
    for index, step in enumerate(steps):
        label, _, rest = step.partition(")") if step.startswith("(") else ("", "", step)
        mark = f"{label})" if label else ""
        yield f"exten => {name},1{mark},{rest}" if index == 0 else f" same => n{mark},{rest}"


def go(target: str) -> str:
    return f"Goto({exten(target)},1)"


def written(name: str) -> str:
    return f"CC_F_{name.upper()}"


def asked(node: Menu | Language | Survey | Collect | Speech, prompts: tuple[str, ...]) -> str:
    if not isinstance(node, Language):
        return sounds(prompts)
    return "&".join(sounds(prompts, language) for language in dict.fromkeys(node.choices.values()))


def meant(node: Menu | Language | Survey | Speech) -> dict[str, list[str]]:
    """What a key does before the call goes on at `next`."""
    if isinstance(node, Language):
        return {key: list(write("language", language)) for key, language in node.choices.items()}
    if isinstance(node, Survey):
        return {key: list(write("grade", str(grade))) for key, grade in node.grades.items()}
    return {}


def write(name: str, value: str) -> Iterator[str]:
    match name:
        case "language":
            yield fact("language", value)
            yield f"Set(CC_LANG={value})"
            yield f"Set(CC_LINE={value})"
        case "topic":
            yield fact("topic", value)
            yield f"Set(CC_TOPIC={value})"
        case "grade":
            yield fact("grade", value)
            yield f"Set(CC_GRADE={value})"
        case "priority":
            yield f"Set(CC_PRIORITY={value})"
            yield f"Set({written(name)}={value})"
        case _:
            yield f"Set({written(name)}={value})"
