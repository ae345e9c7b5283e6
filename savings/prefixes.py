"""Addresses that read the same pages another way: a prefix that is taken off before the address is looked up."""

from django.urls import get_script_prefix, set_script_prefix


def answered_under(request, prefix, path, get_response):
    """The answer to `path`, with `prefix` (from the root, ending in a stroke) before every address its page makes."""
    before = get_script_prefix()
    set_script_prefix(prefix)
    request.path_info = path
    try:
        return get_response(request)
    finally:
        set_script_prefix(before)
