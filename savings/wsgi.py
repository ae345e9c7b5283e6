"""The web server's door: `gunicorn savings.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "savings.settings")
os.environ.setdefault("DATABASE_ROLE", "app")
application = get_wsgi_application()

from savings.walls import refuse_to_start_without_walls

refuse_to_start_without_walls()
