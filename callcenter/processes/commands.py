"""The processes of a node. Imports wait for the call: `callcenter --help` stays quick."""

import typer

app = typer.Typer()


@app.command()
def run() -> None:
    """Start everything of this home and stay in the foreground; Ctrl-C or SIGTERM stops all that was started."""
    from callcenter.config import Settings
    from callcenter.processes.run import run as run_home

    raise typer.Exit(run_home(Settings()))


@app.command()
def engine() -> None:
    """The engine: follows this node's Asterisk, runs the menus, keeps the record."""
    from callcenter.bootstrap import run_engine
    from callcenter.config import Settings

    run_engine(Settings())


@app.command()
def api() -> None:
    """REST, WebSocket and the screens."""
    from callcenter.api.app import run as run_api
    from callcenter.config import Settings
    from callcenter.log import configure

    configure()
    run_api(Settings())


@app.command()
def worker() -> None:
    """Work that may wait: recordings are sealed here."""
    from callcenter.config import Settings
    from callcenter.log import configure
    from callcenter.worker.run import run as run_worker

    configure()
    run_worker(Settings())
