"""The server: each request and notification of the protocol, and what answers it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from cicakg.editor import watching
from cicakg.editor.actions import FIX_ALL, actions
from cicakg.editor.buffers import Buffer
from cicakg.editor.completion import TRIGGERS, Reader, completion
from cicakg.editor.desk import Desk
from cicakg.editor.diagnostics import diagnostic
from cicakg.editor.encoding import Encoding, Extent, extent_of, offset_of
from cicakg.editor.messages import Mark
from cicakg.editor.navigation import definition, references, symbols
from cicakg.editor.process import CheckingProcess
from cicakg.editor.protocol import EditorProtocol
from cicakg.editor.scanning import Written
from cicakg.editor.settings import SECTION, with_values
from cicakg.editor.wire import change_of, path_of, point_of, range_of
from cicakg.editor.wire import extent_of as extent_from
from cicakg.editor.wording import described_in_words, rule_in_words
from cicakg.turtle import SourceText


class EditorServer(LanguageServer):
    """A server for one editor; ``start_io`` speaks to it."""

    protocol: EditorProtocol

    def __init__(self, root: Path | None = None) -> None:
        """Make a server; *root* is the dataset's folder, where the editor's folders are not to be asked."""
        super().__init__(
            "cicakg", version("cicakg"), protocol_cls=EditorProtocol, converter_factory=default_converter
        )
        self.desk = Desk(self, CheckingProcess)
        self._root = root
        self._watching: asyncio.Task[None] | None = None
        for name, handler in self._handlers().items():
            self.feature(name, self._options().get(name))(partial(handler))  # pygls writes on what it gets

    # What the desk shows

    def underline(self, uri: str, marks: Sequence[Mark], version: int | None) -> None:
        """Show *marks*, and nothing else, in the file *uri* names."""
        found = [self._diagnostic(one) for one in marks]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def say(self, message: str) -> None:
        """Show a sentence to the person."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))

    def note(self, message: str) -> None:
        """Write a sentence to the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, message))

    def _diagnostic(self, mark: Mark) -> types.Diagnostic:
        return diagnostic(mark, self.desk.uri, self.desk.settings.rules_url)

    # Beginning and end

    def _handlers(self) -> Mapping[str, Callable[..., object]]:
        return {
            types.INITIALIZE: self.on_initialize,
            types.INITIALIZED: self.on_initialized,
            types.SHUTDOWN: self.on_shutdown,
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self.on_folders,
            types.WORKSPACE_DID_CHANGE_CONFIGURATION: self.on_configuration,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self.on_files,
            types.TEXT_DOCUMENT_DID_OPEN: self.on_open,
            types.TEXT_DOCUMENT_DID_CHANGE: self.on_change,
            types.TEXT_DOCUMENT_DID_SAVE: self.on_save,
            types.TEXT_DOCUMENT_DID_CLOSE: self.on_close,
            types.TEXT_DOCUMENT_CODE_ACTION: self.on_code_action,
            types.TEXT_DOCUMENT_COMPLETION: self.on_completion,
            types.TEXT_DOCUMENT_HOVER: self.on_hover,
            types.TEXT_DOCUMENT_DEFINITION: self.on_definition,
            types.TEXT_DOCUMENT_REFERENCES: self.on_references,
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: self.on_symbols,
        }

    def _options(self) -> Mapping[str, object]:
        kinds: list[types.CodeActionKind | str] = [types.CodeActionKind.QuickFix, FIX_ALL]
        return {
            types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=kinds),
            types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=list(TRIGGERS)),
        }

    def on_initialize(self, params: types.InitializeParams) -> None:
        """Agree on how positions are counted; read the settings the editor begins with."""
        self.desk.encoding = Encoding(self.protocol.workspace.position_encoding or Encoding.UTF16)
        self._set({"lang": params.locale}, is_quiet=True)
        self._set(params.initialization_options)

    def on_initialized(self, _: types.InitializedParams) -> None:
        """Ask for what the editor can tell, and begin to check its folders."""
        self._ask_settings()
        folders = [self._root] if self._root is not None else self._folders()
        self.desk.open_folders(folders)
        if watching.is_watched_by_editor(self.client_capabilities):
            self.client_register_capability(watching.registration())
        else:
            self._watch()

    async def on_shutdown(self, _: object) -> None:
        """Stop all checks."""
        if self._watching is not None:
            self._watching.cancel()
        await self.desk.close()

    def _folders(self) -> list[Path]:
        """Return the editor's folders; without one, the folder the server was started in."""
        workspace = self.protocol.workspace
        uris = [one.uri for one in workspace.folders.values()] or [workspace.root_uri or ""]
        return [path for path in map(path_of, uris) if path is not None] or [Path.cwd()]

    async def on_folders(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        """Begin to check folders that were added, stop with those that were taken away."""
        for one in params.event.removed:
            path = path_of(one.uri)
            if path is not None:
                await self.desk.close_folder(path)
        added = [path_of(one.uri) for one in params.event.added]
        self.desk.open_folders([one for one in added if one is not None])
        if self._watching is not None:
            self._watch()

    def _watch(self) -> None:
        """Watch the files here; done again where the folders change, it begins anew."""
        if self._watching is not None:
            self._watching.cancel()
        folders = [
            folder
            for one in self.desk.projects
            for folder in (one.folder.ontology, one.folder.data, one.folder.shapes)
        ]
        self._watching = asyncio.create_task(watching.watch(folders, self.desk.touch))

    # Settings

    def on_configuration(self, params: types.DidChangeConfigurationParams) -> None:
        """Take over changed settings, and check again."""
        given = params.settings
        if isinstance(given, Mapping) and given:
            self._set(given.get(SECTION, given))
            self.desk.touch_all()
        else:
            self._ask_settings()

    def _ask_settings(self) -> None:
        """Ask the editor for its settings, where it can tell them."""
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.configuration:
            asked = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
            self.workspace_configuration(asked).add_done_callback(self._take_settings)

    def _take_settings(self, answer: Future[Sequence[object]]) -> None:
        if answer.cancelled() or answer.exception() is not None:
            return
        for one in answer.result() or ():
            self._set(one)
        self.desk.touch_all()

    def _set(self, given: object, is_quiet: bool = False) -> None:
        self.desk.settings, problems = with_values(self.desk.settings, given)
        for one in () if is_quiet else problems:
            self.say(one)

    # Texts

    def on_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take an opened text for what its file holds."""
        item = params.text_document
        self.desk.put(Buffer(item.uri, path_of(item.uri), item.version, SourceText(item.text)))

    def on_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change an open text."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        if buffer is not None:
            changes = [change_of(one) for one in params.content_changes]
            self.desk.put(buffer.changed(changes, params.text_document.version, self.desk.encoding))

    def on_save(self, params: types.DidSaveTextDocumentParams) -> None:
        """Check again: a file may have come into being."""
        self.desk.touch(path_of(params.text_document.uri))

    def on_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget an open text."""
        self.desk.drop(params.text_document.uri)

    def on_files(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Check again what changed on disk."""
        for one in params.changes:
            self.desk.touch(path_of(one.uri))

    # Requests

    def on_code_action(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return what mends the findings in a range."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        if buffer is None:
            return []
        return actions(
            buffer,
            self.desk.marks(buffer),
            extent_from(params.range),
            params.context.only,
            self._diagnostic,
            self._has_versions(),
            self.desk.settings.lang,
        )

    def _has_versions(self) -> bool:
        workspace = self.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace is not None else None
        return edit is not None and bool(edit.document_changes)

    async def on_completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Return what is offered at the cursor."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        if buffer is None:
            return None
        known = await self.desk.known(buffer)
        reader = Reader(self.desk.encoding, self.desk.settings.lang, self._reads_markdown())
        return await asyncio.to_thread(completion, buffer, params.position, known, reader)

    async def on_hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what the term under the pointer is, and what is wrong there."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        if buffer is None:
            return None
        at = point_of(params.position)
        term = self._term_at(buffer, params.position)
        known = await self.desk.known(buffer)
        described = known.by_iri.get(term.iri) if term is not None else None
        is_markdown, language = self._reads_markdown(), self.desk.settings.lang
        project = self.desk.home(buffer.path)
        rules = project.found.rules if project is not None else {}
        hit = [one for one in self.desk.marks(buffer) if one.extent.touches(Extent(at, at))]
        parts = [rule_in_words(one, rules.get(one.code), is_markdown, language) for one in hit]
        if described is not None:
            parts.append(described_in_words(described, known, is_markdown, language))
        if not parts:
            return None
        kind = types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText
        rule = "\n\n---\n\n" if is_markdown else "\n\n"
        return types.Hover(types.MarkupContent(kind, rule.join(parts)), self._range(buffer, term))

    async def on_definition(self, params: types.DefinitionParams) -> types.Location | None:
        """Return where the term under the pointer is described."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        term = self._term_at(buffer, params.position) if buffer is not None else None
        if buffer is None or term is None or not term.iri:
            return None
        known = await self.desk.known(buffer)
        return definition(term.iri, buffer, known, self._uris(), self.desk.encoding)

    async def on_references(self, params: types.ReferenceParams) -> list[types.Location]:
        """Return where the term under the pointer stands, in all files."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        term = self._term_at(buffer, params.position) if buffer is not None else None
        project = self.desk.home(buffer.path) if buffer is not None else None
        if term is None or not term.iri or project is None:
            return []
        buffers = {one.path: one for one in self.desk.buffers if one.path is not None and not one.is_too_big}
        with_subjects = params.context.include_declaration
        return await references(term.iri, project.folder, buffers, self.desk.encoding, with_subjects)

    async def on_symbols(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        """Return what a text holds."""
        buffer = self.desk.buffers.get(params.text_document.uri)
        if buffer is None:
            return []
        known = await self.desk.known(buffer)
        return await asyncio.to_thread(symbols, buffer, known, self.desk.encoding, self.desk.settings.lang)

    # What requests need

    def _term_at(self, buffer: Buffer, position: types.Position) -> Written | None:
        return buffer.scan.term_at(offset_of(buffer.source, point_of(position), self.desk.encoding))

    def _range(self, buffer: Buffer, term: Written | None) -> types.Range | None:
        if term is None:
            return None
        token = term.token
        return range_of(extent_of(buffer.source, token.offset, token.end, self.desk.encoding))

    def _uris(self) -> dict[Path, str]:
        return {one.path: one.uri for one in self.desk.buffers if one.path is not None}

    def _reads_markdown(self) -> bool:
        document = self.client_capabilities.text_document
        hover = document.hover if document is not None else None
        formats: Iterable[object] = (hover.content_format if hover is not None else None) or ()
        return types.MarkupKind.Markdown in formats
