"""`callcenter doctor`."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Test every part and say what to do. Exit status 1 if a call could not be taken."""
    import json
    from dataclasses import asdict

    from callcenter.config import Settings
    from callcenter.doctor.checks import examine, settings_in_force, worst
    from callcenter.doctor.model import Status

    settings = Settings()
    in_force = settings_in_force(settings)
    results = examine(settings)
    status = worst(results)
    if as_json:
        report = {"status": status, "checks": [asdict(result) for result in results], "settings": in_force}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        typer.echo("Settings: " + "  ".join(f"{name}={value}" for name, value in in_force.items()))
        colours = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}
        for result in results:
            word = typer.style(f"{result.status:<5}", fg=colours[result.status])
            advice = f"\n      {'':20}-> {result.advice}" if result.advice else ""
            typer.echo(f"{word} {result.name:<20} {result.message}{advice}")
        ends = {
            Status.OK: "All is well: a call can be taken.",
            Status.WARN: "A call can be taken; see the warnings.",
            Status.FAIL: "A call could not be taken, or not with all that belongs to it; see the failures.",
        }
        typer.echo(ends[status])
    raise typer.Exit(1 if status is Status.FAIL else 0)
