"""The site as it is deployed, on this machine and in a folder that is gone afterwards: ``make stack``.

The same programs with the same configuration files: nginx terminating TLS, gunicorn on a socket that is handed over as
systemd does it, the worker, PostgreSQL with a streaming replica and the two roles of deploy/roles.sql, Redis; PgBouncer
before PostgreSQL if asked for; or the small site, with SQLite alone. Debian: nginx postgresql redis-server openssl.
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from deploy.render import render

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("nginx", "redis-server", "openssl", "setpriv")
READY_SECONDS = 120
MIGRATE, APP = "catalogue_migrate", "catalogue_app"  # deploy/roles.sql
# What systemd does for the service of a socket: it is file 3, and the process is told that it is meant.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""
PAGES_OF_NGINX = ROOT / "deploy" / "nginx" / "pages"


def missing() -> list[str]:
    """The programs this machine does not have."""
    folders = f"{os.environ.get('PATH', '')}:/usr/sbin"
    lacking = [name for name in PROGRAMS if not shutil.which(name, path=folders)]
    return lacking if _postgresql() else [*lacking, "postgresql"]


def _postgresql() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return folders[-1] if folders else None


def free_port() -> int:
    """One that nobody has, below those that systems give to clients: one of those may be taken before it is used."""
    while True:
        port = 10_000 + secrets.randbelow(10_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(ready: Callable[[], bool], what: str) -> None:
    """Raises RuntimeError when it takes longer than READY_SECONDS."""
    end = time.monotonic() + READY_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not become ready.")
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Stack:
    """All of it, as a context manager: everything runs within, and nothing afterwards.

    ``small`` is a site with SQLite, without Redis; ``settings`` are further variables of the site's environment;
    ``disks`` gives folders (data, media, primary) a file system of so many megabytes of their own, which takes root.
    """

    def __init__(
        self,
        first_port: int = 0,
        *,
        small: bool = False,
        pooler: bool = False,
        settings: Mapping[str, str] | None = None,
        disks: Mapping[str, int] | None = None,
    ) -> None:
        self.is_small, self.has_pooler, self.more, self.disks = small, pooler, settings or {}, disks or {}
        names = ("http", "tls", "primary", "replica", "redis", "pooler")
        self.ports = {name: first_port + place if first_port else free_port() for place, name in enumerate(names)}
        self.url = f"https://localhost:{self.ports['tls']}"
        self.closing = ExitStack()
        self.running: dict[str, subprocess.Popen[bytes]] = {}  # by name; gunicorn is self.web

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.closing.close()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self.closing.close()

    def _start(self) -> None:
        self.folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory(prefix="stack-")))
        self.folder.chmod(0o755)  # the databases run as another user
        for name in ("media", "data"):
            self._make(name)
        if not self.is_small:
            self._start_databases()
            self._start_redis()
        if self.has_pooler:
            self._start_pooler()
        self.environment = {**self._bare(), **self._settings(), **self.more}
        self.manage("migrate", "--verbosity", "0", **self.owner())
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        # Not by the pooler: an import holds a lock for longer than a transaction.
        direct = self.environment | ({"DATABASE_URL": self._url(APP, "primary")} if self.has_pooler else {})
        self.run("worker", [sys.executable, "manage.py", "db_worker", "--no-reload"], direct)
        self.socket = self.closing.enter_context(socket.socket(socket.AF_UNIX))
        self.socket.bind(str(self.folder / "web.sock"))
        self.socket.listen(2048)
        self.start_web()
        self._start_nginx()
        wait_until(self._answers, "The site")

    def _answers(self) -> bool:
        """Whether gunicorn has workers. Raises RuntimeError when gunicorn has given up."""
        if self.web.poll() is not None:
            raise RuntimeError((self.folder / "web.log").read_text(encoding="utf-8"))
        return b"Booting worker" in (self.folder / "web.log").read_bytes()

    def _bare(self) -> dict[str, str]:
        """Our environment without what would change the site's settings."""
        mine = {"DEBUG", "CATALOGUE_DEMO", "DJANGO_SETTINGS_MODULE"}
        return {name: value for name, value in os.environ.items() if name not in mine}

    def _make(self, name: str, owner: str = "") -> Path:
        """A folder, on a disk of its own if it was asked for."""
        folder = self.folder / name
        folder.mkdir()
        if size := self.disks.get(folder.name):
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder)], check=True)
            self.closing.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False)
        if owner:
            shutil.chown(folder, owner)
        return folder

    def _url(self, role: str, name: str) -> str:
        return f"postgres://{role}@127.0.0.1:{self.ports[name]}/catalogue"

    def owner(self) -> dict[str, str]:
        """The variables with which manage.py may change tables."""
        return {} if self.is_small else {"DATABASE_URL": self._url(MIGRATE, "primary"), "REPLICA_URL": ""}

    def _data_settings(self) -> dict[str, str]:
        if self.is_small:
            return {"DATABASE_URL": f"sqlite:///{self.folder}/data/catalogue.sqlite3", "WEB_CONCURRENCY": "1"}
        given = {
            "DATABASE_URL": self._url(APP, "primary"),
            "REPLICA_URL": self._url(APP, "replica"),
            "CACHE_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", "2"),
        }
        if not self.has_pooler:
            return given
        pool = f"postgres://{APP}@127.0.0.1:{self.ports['pooler']}"
        urls = {"DATABASE_URL": f"{pool}/primary", "REPLICA_URL": f"{pool}/replica"}
        return {**given, **urls, "TRANSACTION_POOLER": "true", "PREPARED_STATEMENTS": "false"}

    def _settings(self) -> dict[str, str]:
        """What .env holds on a real machine."""
        return {
            **self._data_settings(),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": self.url,
            "EMAIL_URL": f"filemail:///{self.folder}/mail",
            "DEFAULT_FROM_EMAIL": "films@example.org",
            "MEDIA_ROOT": f"{self.folder}/media",
            "IMPORT_ROOT": f"{self.folder}/imports",
            "TASK_WORKER": "true",
            "TLS_PROXY": "true",
            "TRUSTED_PROXY_COUNT": "1",
            "MICRO_CACHE_SECONDS": "2",
            "METRICS_TOKEN": "token",
        }

    def run(self, name: str, command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Start a process that ends with the stack; what it says is in <folder>/<name>.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        self.closing.callback(stop, process)
        self.running[name] = process
        return process

    def manage(self, *arguments: str, **variables: str) -> str:
        """What manage.py says. Raises RuntimeError with what it complains of."""
        command = [sys.executable, "manage.py", *arguments]
        environment = {**self.environment, **variables}
        done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)
        return done.stdout

    def start_web(self) -> None:
        """gunicorn, on the socket that stays open when it is restarted: systemd's way of handing it over."""
        gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "-c", "deploy/gunicorn.conf.py"]
        number = self.socket.fileno()
        with (self.folder / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-c", HAND_OVER, str(number), *gunicorn],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                pass_fds=[number],
            )
        self.closing.callback(stop, self.web)

    def restart_web(self) -> None:
        """What ``systemctl restart cuemark-web`` does after an upgrade."""
        stop(self.web)
        self.start_web()

    def _start_databases(self) -> None:
        """A primary, and a replica that follows it."""
        binaries = _postgresql()
        if binaries is None:
            raise RuntimeError("PostgreSQL is not installed.")
        as_postgres: list[str] = []
        owner = "postgres" if os.geteuid() == 0 else ""  # it refuses to run as root
        home = self._make("postgresql", owner)
        self._make("postgresql/primary", owner)
        if owner:
            group = pwd.getpwnam("postgres").pw_gid
            as_postgres = ["setpriv", "--reuid=postgres", f"--regid={group}", "--clear-groups"]

        def call(program: str, *arguments: str) -> None:
            command = [*as_postgres, str(binaries / program), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home)

        def control(name: str, action: str) -> None:
            """start, stop or restart one of the two."""
            options = f"-c port={self.ports[name]} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
            common = ["--pgdata", str(home / name), "--log", f"{home}/{name}.log", "--mode=fast", "--wait"]
            call("pg_ctl", *common, "--options", options, action)

        def start(name: str) -> None:
            control(name, "start")
            self.closing.callback(control, name, "stop")

        self.control_database = control
        call("initdb", "--pgdata", str(home / "primary"), "--auth=trust", "--username=postgres", "--encoding=UTF8")
        start("primary")
        self._make_roles()
        source = f"host=127.0.0.1 port={self.ports['primary']} user=postgres"
        call("pg_basebackup", "--pgdata", str(home / "replica"), "-R", "-X", "stream", "--dbname", source)
        start("replica")

    def _make_roles(self) -> None:
        """The database, and who may do what in it."""
        where = ["-h", "127.0.0.1", "-p", str(self.ports["primary"]), "-U", "postgres"]
        subprocess.run(["createdb", *where, "catalogue"], check=True)
        passwords = ["-v", "migrate_password=m", "-v", "app_password=a"]
        file = str(ROOT / "deploy" / "roles.sql")
        subprocess.run(["psql", "-q", *where, "-d", "catalogue", *passwords, "-f", file], check=True)

    def _start_pooler(self) -> None:
        """PgBouncer with our configuration, before both databases."""
        users = self.folder / "pooler.users"
        users.write_text(f'"{APP}" ""\n', encoding="utf-8")
        names = {
            "PRIMARY": f"host=127.0.0.1 port={self.ports['primary']} dbname=catalogue",
            "REPLICA": f"host=127.0.0.1 port={self.ports['replica']} dbname=catalogue",
            "PORT": str(self.ports["pooler"]),
            "AUTH_TYPE": "trust",
            "AUTH_FILE": str(users),
        }
        template = (ROOT / "deploy" / "pgbouncer.ini.template").read_text(encoding="utf-8")
        (self.folder / "pooler.ini").write_text(render(template, names), encoding="utf-8")
        as_postgres = ["--user", "postgres"] if os.geteuid() == 0 else []
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self.run("pooler", [program, *as_postgres, f"{self.folder}/pooler.ini"], self._bare())
        wait_until(lambda: listens(self.ports["pooler"]), "PgBouncer")

    def _start_redis(self) -> None:
        port = str(self.ports["redis"])
        command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        command += ["--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"]
        self.run("redis", command, self._bare())
        wait_until(lambda: listens(self.ports["redis"]), "Redis")

    def _start_nginx(self) -> None:
        self._make_certificate()
        names = {
            "SITE_HOST": "localhost",
            "SITE_URL": self.url,
            "HTTP_PORT": str(self.ports["http"]),
            "TLS_PORT": str(self.ports["tls"]),
            "UPSTREAM": f"unix:{self.folder}/web.sock",
            "CERTIFICATE": f"{self.folder}/certificate.pem",
            "CERTIFICATE_KEY": f"{self.folder}/key.pem",
            "STATIC_ROOT": str(ROOT / "var" / "static"),
            "MEDIA_ROOT": f"{self.folder}/media",
            "CACHE_ROOT": f"{self.folder}/cache",
            "SNIPPETS": f"{self.folder}/snippets",
            "PAGES": str(PAGES_OF_NGINX),
            "LOG": f"{self.folder}/access.log",
        }
        modules = Path("/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so")
        snippets = shutil.copytree(ROOT / "deploy" / "nginx" / "snippets", self.folder / "snippets")
        if not modules.exists():
            (snippets / "brotli.conf").unlink()
        site = render((ROOT / "deploy" / "nginx" / "cuemark.conf.template").read_text(encoding="utf-8"), names)
        (self.folder / "cuemark.conf").write_text(site, encoding="utf-8")
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy"))
        (self.folder / "nginx.conf").write_text(
            f"{f'load_module {modules};' if modules.exists() else ''}\n{'user root;' if os.geteuid() == 0 else ''}\n"
            f"daemon off;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx.log warn;\nevents {{}}\n"
            f"http {{\ninclude /etc/nginx/mime.types;\n{temporary}include {self.folder}/cuemark.conf;\n}}\n",
            encoding="utf-8",
        )
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.run("nginx", [program, "-c", f"{self.folder}/nginx.conf"], self._bare())
        wait_until(lambda: listens(self.ports["tls"]), "nginx")

    def _make_certificate(self) -> None:
        key = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem"
        name = "-out certificate.pem -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        subprocess.run([*key.split(), *name.split()], check=True, cwd=self.folder, stderr=subprocess.DEVNULL)
        (self.folder / "key.pem").chmod(0o600)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, and wait; kill it when it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0, help="The first of six; without it, free ones.")
    parser.add_argument("--demo", action="store_true", help="Load the demo catalogue.")
    options = parser.parse_args()
    if lacking := missing():
        sys.exit(f"Install first: {' '.join(lacking)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Stack(options.port) as stack:
        if options.demo:
            stack.manage("load_demo", "--once", CATALOGUE_DEMO="true", **stack.owner())
        lines = [f"{stack.url}/  (its certificate is its own)", f"logs and mails in {stack.folder}"]
        lines += [f"{name}: 127.0.0.1:{port}" for name, port in stack.ports.items() if listens(port)]
        sys.stdout.write("\n".join([*lines, "Ctrl-C stops it.", ""]))
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.stdout.write("Stopping ...\n")


if __name__ == "__main__":
    main()
