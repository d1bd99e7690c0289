"""The editor's diagnostic server: it underlines what is wrong as one types, and offers what fits.

It speaks the Language Server Protocol 3.17 (https://microsoft.github.io/language-server-protocol/) by pygls.
The check runs in a process of its own (``worker``), so that no shape and no file can keep the editor waiting.
"""
