"""Dates in English, independent of the locale."""

from datetime import date, datetime

# Not from strftime(), which depends on the locale.
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def month_name(day: date) -> str:
    """Return the month of a day in English: "December"."""
    return MONTHS[day.month - 1]


def format_day(day: date) -> str:
    """Return the day in English: "29 December 2018"."""
    return f"{day.day} {month_name(day)} {day.year}"


def format_day_range(days: tuple[date, ...]) -> str:
    """Return a day, or the range from the first to the last: "10–11 February 2016"."""
    first = days[0]
    last = days[-1]
    if first == last:
        return format_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last)}"
    if first.year == last.year:
        return f"{first.day} {month_name(first)} – {format_day(last)}"
    return f"{format_day(first)} – {format_day(last)}"


def format_moment(moment: date) -> str:
    """Return a date, with its time and zone if any: "2 May 2024, 13:12 UTC−5"."""
    if not isinstance(moment, datetime):
        return format_day(moment)
    text = f"{format_day(moment)}, {moment:%H:%M}"
    zone = moment.tzname()
    if zone is None:
        return text
    return f"{text} {_format_zone(zone)}"


def _format_zone(zone: str) -> str:
    """Return a zone such as "UTC-05:00" as "UTC−5"."""
    offset = zone.removeprefix("UTC")
    if not offset:
        return "UTC"
    hours, minutes = offset[1:].split(":")
    sign = offset[0].replace("-", "−")
    text = f"UTC{sign}{int(hours)}"
    if minutes != "00":
        text += f":{minutes}"
    return text
