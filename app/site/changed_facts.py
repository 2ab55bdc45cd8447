"""Warnings about facts, headings and voices that a new edition changes."""

from __future__ import annotations

from collections.abc import Iterator

from app.publication import join_names
from app.site.differences import describe_invisible_change
from app.site.edition import Edition


def warnings_about(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each change of the new edition that readers may notice.

    The new edition must have all ids of the old one.
    """
    yield from _changed_facts(old, new)
    yield from _changed_headings(old, new)
    yield from _exchanged_headings(old, new)
    yield from _changed_voices(old, new)


def _changed_facts(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each changed value of the front matter."""
    names = old.facts | new.facts  # those of both editions, each once
    for name in names:
        was = old.facts.get(name)
        now = new.facts.get(name)
        if was != now:
            warning = f"{name}: {_describe_change(was, now)}"
            if name == "url" and was is not None and now is None:
                warning += f"; set FLASK_SITE_URL={was.rstrip('/')}"
            yield warning


def _describe_change(was: str | None, now: str | None) -> str:
    if was is None:
        return f"“{now}” was added"
    if now is None:
        return f"“{was}” was removed"
    change = f"“{was}” is now “{now}”"
    description = describe_invisible_change(was, now)
    if description:
        change += f", {description}"
    return change


def _changed_headings(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each heading of the publication that changed."""
    if not old.has_published_headings:
        return
    texts_now = {}
    for heading in new.headings:
        for id_ in heading.ids:
            texts_now[id_] = heading.text
    for heading in old.headings:
        now = texts_now[heading.ids[0]]
        if now != heading.text:
            change = _describe_change(heading.text, now)
            yield f"the heading of #{heading.ids[0]}: {change}"


def _exchanged_headings(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each section id that leads to words of other sections.

    All words below its heading were published, but none of them was there.
    """
    texts_now = {}
    for heading in new.headings:
        for id_ in heading.ids:
            texts_now[id_] = heading.texts
    published = {part.text for part in old.parts}
    for heading in old.headings:
        id_ = heading.ids[0]
        before = heading.texts
        now = texts_now[id_]
        is_exchanged = before.isdisjoint(now) and now <= published
        if before and now and is_exchanged:
            yield f"#{id_} leads to other words than before"


def _changed_voices(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each change of a voice, with the anchors of its parts."""
    parts_now = {part.anchor: part for part in new.parts}
    changes: dict[tuple[str | None, str | None], list[str]] = {}
    for part in old.parts:
        part_now = parts_now[part.anchor]
        if part_now.voice != part.voice and not part_now.is_withdrawn:
            change = (part.voice, part_now.voice)
            changes.setdefault(change, []).append(str(part.anchor))
    for (was, now), ids in changes.items():
        yield f"the voice of {join_names(ids)}: {_describe_change(was, now)}"
