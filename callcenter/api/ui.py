"""The screens: static files of `agents_ui/dist`, and its first page for every address that is not a file."""

from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from callcenter.config import CHECKOUT

DIST = CHECKOUT / "agents_ui" / "dist"

NOT_BUILT = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>12348</title>
<body style="font-family:sans-serif;max-width:36rem;margin:4rem auto;line-height:1.7">
<h1>界面尚未构建</h1><p>服务已在运行。请在检出目录执行 <code>make setup</code> 构建界面,然后刷新本页。</p>
<p lang="en">The service runs, but its screens are not built. Run <code>make setup</code>, then reload this page.
The interface for programs is described at <a href="/api/openapi.json">/api/openapi.json</a>.</p>"""


class Screens(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or _is_file(path):
                raise
            response = await super().get_response("index.html", scope)
            path = "index.html"
        hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


def _is_file(path: str) -> bool:
    """An address of the programs' interface or a file's name is missing for good; any other is a page of ours, also one
    that ends in a call's id (`a-1763790000.12`)."""
    return path.split("/")[0] == "api" or PurePosixPath(path).suffix[1:2].isalpha()


def mount(app: FastAPI, folder: Path = DIST) -> None:
    if (folder / "index.html").is_file():
        app.mount("/", Screens(directory=folder, html=True), name="screens")
        return

    @app.get("/{page:path}", include_in_schema=False)
    def not_built(page: str) -> HTMLResponse:
        if _is_file(page):
            raise HTTPException(404)
        return HTMLResponse(NOT_BUILT, status_code=503)
