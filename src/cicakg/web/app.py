"""The application: every address the server has, on one page."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies import models as dependency_models
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from cicakg.errors import CicakgError
from cicakg.web.assets import make_assets
from cicakg.web.compression import Compression
from cicakg.web.endpoint import PATHS, Shortcut, SparqlEndpoint
from cicakg.web.frame import Frame
from cicakg.web.keeping import KeepingPool
from cicakg.web.openapi import make_openapi
from cicakg.web.pages import Pages
from cicakg.web.pools import QueryPool
from cicakg.web.problems import internal_problem, problem_of, respond
from cicakg.web.query_page import QueryPage
from cicakg.web.records import record_of
from cicakg.web.rendering import Renderer, make_renderer
from cicakg.web.replays import Replays
from cicakg.web.resources import Resources
from cicakg.web.site import Site
from cicakg.web.status import Status
from cicakg.web.switching import switch_language
from cicakg.web.upkeep import Upkeep
from cicakg.web.visits import Parts

_LOG: Final = logging.getLogger("cicakg.web")
_PAGE_METHODS: Final = "GET, HEAD, OPTIONS"


def create_app(pool: QueryPool, site: Site, upkeep: Upkeep | None = None) -> FastAPI:
    """Return the web application over *pool*, which the caller starts before and closes after serving.

    Needs no lifespan. What it keeps between requests is in *upkeep*, which applications over several
    snapshots may share. Serve it with :func:`cicakg.web.connection.configure_server`.
    """
    upkeep = upkeep or Upkeep()
    renderer = make_renderer(site.version, site.wordings)
    app = FastAPI(
        title="cicakg",
        version=site.version,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    parts = Parts(KeepingPool(pool, upkeep.cache), site, renderer, upkeep)

    @cache
    def document() -> dict[str, Any]:
        return make_openapi(app, site)

    app.state.replays = Replays(upkeep)
    endpoint = SparqlEndpoint(parts.pool, parts.site, parts.renderer, app.state.replays)
    _add_sparql(app, endpoint)
    pages = Pages(parts, document)
    _add_pages(app, pages, QueryPage(parts))
    _add_resources(app, Resources(parts), pages)
    _add_status(app, Status(parts, document))
    app.router.routes.append(Route("/.well-known/void", _to_void, include_in_schema=False))
    _add_switch(app)
    app.mount("/static", make_assets(renderer.assets))
    app.add_middleware(Shortcut, endpoint=endpoint)
    app.add_middleware(Compression, codings=upkeep.codings, renderer=renderer)
    app.add_middleware(Frame, renderer=renderer, upkeep=upkeep)
    _add_handlers(app, renderer)
    _forget_handlers()
    return app


def _forget_handlers() -> None:
    """Have FastAPI forget what it remembers of each handler, thousands of them, for as long as the process
    lives: with a handler it would keep the whole application, and each reload makes another one.
    """
    for one in vars(dependency_models).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()


async def _to_void(request: Request) -> Response:
    """Where VoID says its description is looked for (https://www.w3.org/TR/void/, section 7.2)."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graph/void", 303)


def _add_sparql(app: FastAPI, endpoint: SparqlEndpoint) -> None:
    for path in PATHS:
        app.router.routes.append(Route(path, endpoint, include_in_schema=False))


def _add_pages(app: FastAPI, pages: Pages, query: QueryPage) -> None:
    for path, handler in (
        ("/", pages.home),
        ("/query", query.show),
        ("/queries", pages.examples),
        ("/entities", pages.entities),
        ("/graphs", pages.graphs),
        ("/docs", pages.docs),
    ):
        _add(app, path, handler, "Pages")


def _add_resources(app: FastAPI, resources: Resources, pages: Pages) -> None:
    for path, handler in (
        ("/id/{slug}", resources.entity),
        ("/article/{slug}", resources.article),
        ("/concept/{scheme}", resources.scheme),
        ("/concept/{scheme}/{slug}", resources.concept),
        ("/ontology", resources.ontology),
        ("/ontology/{version}", resources.ontology_version),
        ("/graph/{name}", resources.graph),
        ("/query/{name}", pages.example),
    ):
        _add(app, path, handler, "Resources")


def _add(app: FastAPI, path: str, handler: Any, tag: str) -> None:  # noqa: ANN401  # FastAPI reads the handler's signature
    summary = (handler.__doc__ or "").strip().splitlines()[0]
    app.add_api_route(
        path,
        handler,
        methods=["GET"],
        tags=[tag],
        summary=summary,
        response_class=HTMLResponse,
        response_model=None,
    )


def _add_switch(app: FastAPI) -> None:
    app.add_api_route(
        "/language/{tag}",
        switch_language,
        methods=["GET"],
        tags=["Service"],
        summary=(switch_language.__doc__ or "").strip().splitlines()[0],
        status_code=303,
        response_class=RedirectResponse,
        response_model=None,
    )


def _add_status(app: FastAPI, status: Status) -> None:
    for path, handler in (
        ("/health", status.health),
        ("/ready", status.ready),
        ("/metrics", status.metrics),
        ("/context.jsonld", status.context),
        ("/guideline/1", status.guideline),
        ("/openapi.json", status.openapi),
    ):
        app.add_api_route(
            path,
            handler,
            methods=["GET"],
            tags=["Service"],
            summary=(handler.__doc__ or "").strip().splitlines()[0],
            response_class=JSONResponse,
            response_model=None,
        )


def _add_handlers(app: FastAPI, renderer: Renderer) -> None:
    """Turn every fault into a problem document, wherever it comes from."""

    def handle(request: Request, fault: Exception) -> Response:
        request_id = request.scope["state"]["request_id"]
        headers = {"Vary": "Accept, Accept-Language, Accept-Encoding, Cookie"}
        if isinstance(fault, HTTPException) and fault.status_code == 405:
            headers["Allow"] = _PAGE_METHODS
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=headers)
        error = _as_error(fault, request)
        problem = problem_of(error, request_id) if error else None
        if problem is None:
            _LOG.error("request %s failed: %s", request_id, fault, exc_info=fault)
            problem = internal_problem(request_id)
        record_of(request.scope).outcome = problem.code
        return respond(problem, request.headers.get("accept"), renderer, headers)

    for kind in (CicakgError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)


def _as_error(fault: Exception, request: Request) -> CicakgError | None:
    path = request.scope["path"]
    match fault:
        case CicakgError():
            return fault
        case HTTPException(status_code=404):
            return CicakgError(
                "not-found", f"There is nothing at {path}.", "The home page (/) lists what there is."
            )
        case HTTPException(status_code=405):
            detail = f"{request.method} is not a method of {path}, which is read-only."
            return CicakgError("method-not-allowed", detail, f"Use one of {_PAGE_METHODS}.")
        case HTTPException(status_code=status) if status < 500:
            return CicakgError(
                "bad-request", f"The request cannot be answered: {fault.detail}.", "See /docs."
            )
        case RequestValidationError():
            return CicakgError("bad-parameter", "A parameter of the address cannot be read.", "See /docs.")
    return None
