"""Words on their way to the people who must know, wherever they want to read them.

Belongs here: sending a title and a text to the places of OCOP_ALERTS. Stays out: what there is to tell.
"""

import logging

from pydantic import SecretStr

from ocop_pipeline.errors import OcopError


class AlertError(OcopError):
    """Somebody could not be told; one line without the addresses, which hold passwords."""


def unreadable(places: SecretStr | None) -> list[int]:
    """The numbers of the places that apprise cannot read, from 1 on."""
    if places is None:
        return []
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return [number for number, place in enumerate(places.get_secret_value().split(), 1) if not Apprise().add(place)]


def send(places: SecretStr | None, title: str, text: str) -> None:
    """Send to each of `places`: URLs as apprise reads them (mailto://, json://, slack:// ...), blanks between.

    Without any there is nobody to tell. All are tried; an AlertError says which failed, by number.
    """
    if places is None:
        return
    # Its plugins take half a second to load: who has nothing to send does not pay for them.
    from apprise import Apprise, NotifyFormat

    # What it logs of a failure quotes the URL.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    failed = []
    for number, place in enumerate(places.get_secret_value().split(), 1):
        post = Apprise()
        if not post.add(place) or not post.notify(body=text, title=title, body_format=NotifyFormat.TEXT):
            failed.append(str(number))
    if failed:
        message = f"place {', '.join(failed)} of OCOP_ALERTS could not be told: is it written as apprise reads it?"
        raise AlertError(message)
