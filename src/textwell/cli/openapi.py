"""`textwell openapi`: the description of the HTTP API, for generators of clients."""

import click


@click.command()
def command() -> None:
    """Print the OpenAPI 3.1 document of the API as JSON. No store needs to run."""
    import orjson

    from textwell.runtime.boot import start_django

    start_django("openapi")
    from textwell.api.app import api

    document = api.get_openapi_schema(path_prefix="/api/v1/")
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    click.echo(orjson.dumps(document, option=options, default=str).decode(), nl=False)
