"""gunicorn -c deploy/gunicorn.conf.py. What differs from machine to machine comes from the environment."""

import os

wsgi_app = "catalogue.wsgi:application"
# Under systemd's socket the socket is handed over, and this is not used.
bind = os.environ.get("BIND", "127.0.0.1:8000")
# Pages take processor time: as many processes as processors, twice over for the moments they wait for the database.
# A second thread in a process would cost a third: each row SQLite finds lets go of Python's lock, and the threads
# fight for it. nginx keeps slow readers away, so none is needed for them.
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1)))
worker_class = "gthread"
threads = 1
preload_app = True  # loaded once, shared by all workers, and counters with it
timeout = 60
graceful_timeout = 30
max_requests = 0  # nothing leaks, so no worker is replaced
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- a heartbeat on a disk waits when the disk does
control_socket_disable = True  # it would want a home directory
forwarded_allow_ips = "*"  # Django judges these headers: TLS_PROXY, TRUSTED_PROXY_COUNT


def post_worker_init(worker: object) -> None:
    """Send the mails that the process before this one left."""
    from reviews.outbox import wake  # noqa: PLC0415 -- before the application is loaded there are no models

    wake()
