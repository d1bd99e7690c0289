"""``cicakg rules``: what each rule asks, why, and how to mend what breaks it."""

from __future__ import annotations

import click

from cicakg.checks.rule_pages import all_rules, list_lines, markdown_page, rule_lines
from cicakg.checks.rules import rule_named
from cicakg.cli.settings import Settings


@click.command()
@click.argument("code", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="Text for a terminal, or the page of the documentation.",
)
@click.pass_context
def rules(ctx: click.Context, code: str | None, form: str) -> None:
    """List the rules of the annotations, or explain the one called CODE."""
    settings: Settings = ctx.obj
    known = all_rules(settings.folder())
    chosen = known if code is None else {code: rule_named(code, known)}
    if form == "markdown":
        click.echo(markdown_page(chosen))
    else:
        lines = list_lines(chosen) if code is None else rule_lines(chosen[code])
        click.echo("\n".join(lines))
