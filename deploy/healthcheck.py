"""HEALTHCHECK of the container: the site answers under the first of its names."""

import os
import sys
from http.client import HTTPConnection

connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/healthz", headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0].strip()})
sys.exit(connection.getresponse().status != 200)
