#!/usr/bin/env python3
"""The front door: `python3 manage.py demo`, `python3 manage.py test`, and every other command.

Standard library only, and readable by any Python, until the virtual environment beside this file stands.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Banked needs Python 3.11 or later, and this is %d.%d. Try: python3.11 manage.py" % sys.version_info[:2])


def main():
    from savings import bootstrap

    try:
        bootstrap.enter(sys.argv)
    except bootstrap.CannotBootstrap as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)

    from savings import launch

    return launch.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
