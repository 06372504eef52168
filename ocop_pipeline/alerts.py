"""Words on their way to the people who must know, wherever they want to read them.

Belongs here: sending a title and a text to the places of OCOP_ALERTS. Stays out: what there is to tell.
"""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ocop_pipeline.errors import OcopError

if TYPE_CHECKING:
    from apprise import Apprise


class AlertError(OcopError):
    """Somebody could not be told; one line without the addresses, which hold passwords."""


def unreadable(places: SecretStr | None) -> list[str]:
    """The numbers of the places that apprise cannot read, from 1 on."""
    return [number for number, post in _posts(places) if post is None]


def send(places: SecretStr | None, title: str, text: str) -> None:
    """Send to each of `places`: URLs as apprise reads them (mailto://, json://, slack:// ...), blanks between.

    Without any there is nobody to tell. All are tried; an AlertError says which failed, by number.
    """
    failed = [number for number, post in _posts(places) if post is None or not _notified(post, title, text)]
    if failed:
        message = f"place {', '.join(failed)} of OCOP_ALERTS could not be told: is it written as apprise reads it?"
        raise AlertError(message)


def _notified(post: "Apprise", title: str, text: str) -> bool:
    from apprise import NotifyFormat

    return bool(post.notify(body=text, title=title, body_format=NotifyFormat.TEXT))


def _posts(places: SecretStr | None) -> Iterator[tuple[str, "Apprise | None"]]:
    """Each place by its number, from 1 on; None for one that apprise cannot read."""
    if places is None:
        return
    # Its plugins take half a second to load: who has nothing to send does not pay for them.
    from apprise import Apprise

    # What it logs of a failure quotes the URL.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    for number, place in enumerate(places.get_secret_value().split(), 1):
        post = Apprise()
        yield str(number), post if post.add(place) else None
