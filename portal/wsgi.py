import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django = get_wsgi_application()

from portal.pages import clock  # noqa: E402 - needs the applications that were set up above
from portal.serving.connections import share_connections  # noqa: E402
from portal.serving.front import in_front_of  # noqa: E402

share_connections()
application = in_front_of(django)
clock.start()

# While a page is rendered, threads that hand out finished ones get their turn every half a millisecond, not every five.
sys.setswitchinterval(0.0005)

# What is loaded by now lives as long as the process: the collector need not walk through it at every request.
gc.collect()
gc.freeze()
