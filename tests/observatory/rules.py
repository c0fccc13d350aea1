"""How the HTTP Observatory (version 2) scores an answer, from its published table of modifiers.

A site begins with 100 points. Bonuses count only where the penalties leave 90 or more. 100 and more is A+.
"""

import re
from typing import Any

BEGINNING, ENOUGH_FOR_BONUSES = 100, 90
SIX_MONTHS = 15_768_000
MODIFIERS = {
    "csp": {"none by default": 10, "no unsafe": 5, "unsafe style": 0, "unsafe eval": -10, "unsafe inline": -20,
            "insecure scheme": -20, "missing": -25},
    "cookies": {"all strict": 5, "no samesite": 0, "none": 0, "not secure": -20, "session without httponly": -30,
                "session not secure": -40},
    "cors": {"none": 0, "public": 0, "with credentials": -50},
    "redirection": {"to https": 0, "off host": -5, "missing": -20},
    "referrer": {"private": 5, "missing": 0, "unsafe": -5},
    "hsts": {"six months": 0, "too short": -10, "missing": -20},
    "sri": {"all with a digest": 5, "same origin": 0, "no script": 0, "elsewhere": -5, "not secure": -50},
    "nosniff": {"nosniff": 0, "missing": -5},
    "framing": {"by csp": 5, "by header": 0, "missing": -20},
    "corp": {"same": 10, "cross": 0, "missing": 0, "invalid": -5},
}  # fmt: skip
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(answer: dict[str, Any]) -> int:
    """Of an answer as ``observe`` writes it down."""
    modifiers = [MODIFIERS[name][result] for name, result in results(answer).items()]
    penalised = BEGINNING + sum(each for each in modifiers if each < 0)
    return penalised + (sum(each for each in modifiers if each > 0) if penalised >= ENOUGH_FOR_BONUSES else 0)


def results(answer: dict[str, Any]) -> dict[str, str]:
    """What each of the ten tests finds."""
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    policy = {
        part.split()[0]: part.split()[1:] for part in headers.get("content-security-policy", "").split(";") if part
    }
    return {
        "csp": _csp(policy),
        "cookies": _cookies(answer["cookies"]),
        "cors": _cors(headers),
        "redirection": _redirection(answer["plain"]),
        "referrer": _referrer(headers.get("referrer-policy", "")),
        "hsts": _hsts(headers.get("strict-transport-security", "")),
        "sri": _sri(answer["body"] if headers.get("content-type", "").startswith("text/html") else ""),
        "nosniff": "nosniff" if headers.get("x-content-type-options") == "nosniff" else "missing",
        "framing": _framing(policy, headers.get("x-frame-options", "")),
        "corp": _corp(headers.get("cross-origin-resource-policy", "")),
    }


def _csp(policy: dict[str, list[str]]) -> str:
    default = policy.get("default-src", [])
    scripts, styles = policy.get("script-src", default), policy.get("style-src", default)
    if not policy:
        return "missing"
    if not scripts or {"'unsafe-inline'", "data:", "https:", "*"} & {*scripts, *policy.get("object-src", default)}:
        return "unsafe inline"
    if any(source.startswith("http:") for sources in policy.values() for source in sources):
        return "insecure scheme"
    if "'unsafe-eval'" in scripts:
        return "unsafe eval"
    if {"'unsafe-inline'", "data:", "https:", "*"} & set(styles):
        return "unsafe style"
    closed = default == ["'none'"] and policy.get("form-action") in (["'none'"], ["'self'"])
    return "none by default" if closed else "no unsafe"


def _cookies(cookies: list[dict[str, Any]]) -> str:
    for cookie in cookies:
        if not cookie["secure"]:
            return "session not secure" if "sess" in cookie["name"] else "not secure"
        if "sess" in cookie["name"] and not cookie["httponly"]:
            return "session without httponly"
    if not cookies:
        return "none"
    return "all strict" if all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies) else "no samesite"


def _cors(headers: dict[str, str]) -> str:
    if "access-control-allow-origin" not in headers:
        return "none"
    return "with credentials" if headers.get("access-control-allow-credentials") == "true" else "public"


def _redirection(plain: str) -> str:
    if not plain.startswith("https://"):
        return "missing"
    return "to https" if plain.startswith("https://example.org/") else "off host"


def _referrer(policy: str) -> str:
    if not policy:
        return "missing"
    return "private" if policy in PRIVATE else "unsafe"


def _hsts(value: str) -> str:
    found = re.search(r"max-age=(\d+)", value)
    if not found:
        return "missing"
    return "six months" if int(found[1]) >= SIX_MONTHS else "too short"


def _sri(body: str) -> str:
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", body) if " src=" in tag]
    sources = [re.findall(r'src="([^"]*)"', tag)[0] for tag in scripts]
    if not scripts:
        return "no script"
    if any(source.startswith(("http:", "//")) for source in sources):
        return "not secure"
    if any(source.startswith("https:") for source in sources):
        return "elsewhere"
    return "all with a digest" if all(" integrity=" in tag for tag in scripts) else "same origin"


def _framing(policy: dict[str, list[str]], header: str) -> str:
    if policy.get("frame-ancestors", ["*"]) != ["*"]:
        return "by csp"
    return "by header" if header in ("DENY", "SAMEORIGIN") else "missing"


def _corp(value: str) -> str:
    return {"": "missing", "same-origin": "same", "same-site": "same", "cross-origin": "cross"}.get(value, "invalid")
