"""Names that are written in several ways. A leaf."""


def is_one_name(name: str, other: str) -> bool:
    """Whether two folded names may be one, written in another order, with initials, or with an initial more.

    >>> is_one_name("kurosawa a", "akira kurosawa"), is_one_name("f w murnau", "friedrich wilhelm murnau")
    (True, True)
    >>> is_one_name("sergei m eisenstein", "sergei eisenstein"), is_one_name("kar wai wong", "wong kar wai")
    (True, True)
    >>> is_one_name("kiyoshi kurosawa", "akira kurosawa"), is_one_name("robert downey", "robert downey jr")
    (False, False)
    """
    if not share_a_word(name, other):
        return False
    few, many = sorted((name.split(), other.split()), key=len)
    left = list(many)
    for word in sorted(few, key=len, reverse=True):  # whole words before initials
        initials = (its for its in left if its[0] == word[0] and 1 in (len(its), len(word)))
        found = word if word in left else next(initials, None)
        if found is None:
            return False
        left.remove(found)
    return all(len(word) == 1 for word in left)


def share_a_word(name: str, other: str) -> bool:
    """Whether two folded names have a word in common, more than an initial.

    >>> share_a_word("kiyoshi kurosawa", "akira kurosawa"), share_a_word("a kurosawa", "a tarkovsky")
    (True, False)
    """
    return name == other or any(len(word) > 1 for word in {*name.split()} & {*other.split()})
