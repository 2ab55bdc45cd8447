"""How hosts of exported files are told the types and headers that the app sends: `_headers`, and nginx's own words."""

from collections.abc import Mapping

from app.site.headers import header_only_policy
from app.site.ready import Answer, Headers

NGINX = """\
# The types and headers of this export. Include it in a server block, beside `root`.
gzip_static on;
gzip_vary on;
error_page 404 /404.html;
location / {{ try_files $uri =404; }}
location ~ (/[._]|\\.gz$|^/index\\.html$|^/{listing}$) {{ return 404; }}
{headers}"""


def headers_file(answers: Mapping[str, Answer], missing: Answer) -> str:
    """Return the headers as Cloudflare Pages and Netlify read them: a path, then its headers, indented.

    Where two rules meet, these hosts join values or send both: so no header stands in two rules that can meet, and
    what differs from file to file is left out for the error page (`missing`).
    """
    shared = _shared(answers, missing)
    rules = {"/*": shared} | {
        address: [header for header in answer.headers if header not in shared] for address, answer in answers.items()
    }
    lines = [line for path, found in rules.items() for line in (path, *(f"  {name}: {value}" for name, value in found))]
    return "\n".join([*lines, ""])


def nginx_file(answers: Mapping[str, Answer], missing: Answer, listing: str) -> str:
    """Return the same for nginx, where a block with headers of its own has no others; `listing` is no address."""
    blocks = [_added(_shared(answers, missing), "")]
    for address, answer in answers.items():
        file = f"try_files {address}index.html =404" if address.endswith("/") else ""
        blocks.append(_location(address, answer, file))
    blocks.append(_location("/404.html", missing, "internal"))
    return NGINX.format(headers="".join(blocks), listing=listing)


def _shared(answers: Mapping[str, Answer], missing: Answer) -> Headers:
    return [header for header in missing.headers if all(header in answer.headers for answer in answers.values())]


def _location(address: str, answer: Answer, directive: str) -> str:
    media_type = dict(answer.headers)["Content-Type"]
    head = f"    {directive};\n" if directive else ""
    typed = f'    types {{}}\n    default_type "{media_type}";\n'
    return f"location = {address} {{\n{head}{typed}{_added(answer.headers, '    ')}}}\n"


def _added(headers: Headers, indent: str) -> str:
    """Return the headers; of the policy what no new page changes, since nginx keeps it until it is started anew."""
    given = dict(headers) | {"Content-Security-Policy": header_only_policy()}
    lines = [(name, value.replace('"', r"\"")) for name, value in given.items() if name != "Content-Type"]
    return "".join(f'{indent}add_header {name} "{value}" always;\n' for name, value in lines)
