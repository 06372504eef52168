"""The roles of the warehouse and their logins.

Belongs here: roles. Stays out: what a role may do (`warehouse.schema`).
"""

import click

from ocop_pipeline.cli.common import existing_warehouse
from ocop_pipeline.settings import Settings


@click.command()
@click.option("--sql", "is_sql", is_flag=True, help="Instead: the statements that an administrator runs, for USER.")
@click.option("--for", "owner", default="ocop", show_default=True, metavar="USER", help="Who runs the pipeline.")
def roles(owner: str, *, is_sql: bool) -> None:
    """Make the roles and their rights, and let in those that have a password; may be run again.

    ocop_loader writes what arrives, ocop_transformer makes the marts, ocop_reader reads marts, ocop_auditor also the
    evidence behind figures about few people. A password is in OCOP_READER_PASSWORD (and so on), or in the file
    ocop_reader_password of the folder OCOP_SECRETS. The embedded server has a login of its own (`ocop up`).
    """
    from ocop_pipeline.sources import ALL_FORMS
    from ocop_pipeline.warehouse.embedded import READER_LOGIN
    from ocop_pipeline.warehouse.errors import WarehouseError
    from ocop_pipeline.warehouse.roles import let_in, script
    from ocop_pipeline.warehouse.schema import initialise
    from ocop_pipeline.warehouse.server import Role

    if is_sql:
        click.echo(script(owner), nl=False)
        return
    settings = Settings()
    given = {
        Role.LOADER: settings.loader_password,
        Role.TRANSFORMER: settings.transformer_password,
        Role.READER: settings.reader_password,
        Role.AUDITOR: settings.auditor_password,
    }
    passwords = {role: password.get_secret_value() for role, password in given.items() if password}
    with existing_warehouse(settings) as warehouse:
        initialise(warehouse, ALL_FORMS)
        if warehouse.is_embedded:
            passwords.clear()
        try:
            let_in(warehouse, passwords)
        except WarehouseError as error:
            message = f"{error}; an administrator lets them in: `ocop roles --sql` ends with how"
            raise WarehouseError(message) from None
    for role in Role:
        click.echo(f"{role}: {'may log in with its password' if role in passwords else 'is there'}")
    if warehouse.is_embedded:
        click.echo(f"The embedded server takes no password of theirs: `ocop up` lets in {READER_LOGIN}, and says how.")
