#!/usr/bin/env python3
"""A Launcher plugin that runs jobs of its own account as processes: Python 3.9, no packages. See docs/plugins.md."""
import codecs, datetime, getpass, json, os, select, signal, socket, subprocess, sys, uuid
from pathlib import Path

NOT_SUPPORTED, INVALID, NOT_FOUND, WRONG_STATE, WRONG_VERSION = 1, 2, 3, 8, 10
FINAL, MAX_MESSAGE = ("Finished", "Failed", "Killed", "Canceled"), 5 * 1024 * 1024
SECRET = ("stdin", "environment")
TOLD = ("id", "name", "status", "statusMessage")
REFUSED = ("container", "mounts", "resourceLimits", "placementConstraints", "stdoutFile", "stderrFile")
# Leads the job's processes and outlives SIGTERM, so that it can write down how the job has ended.
LEADER = """trap : TERM; cd "$1"; work=$2; shift 2; exec < stdin > stdout 2> stderr; rm stdin
(: > started; cd "$work" && exec "$@"); echo $? > new; mv new exit"""
OPERATIONS = (("suspend", ["Running"], [signal.SIGSTOP]), ("resume", ["Suspended"], [signal.SIGCONT]),
              ("stop", ["Running", "Suspended"], [signal.SIGTERM, signal.SIGCONT]),
              ("kill", ["Running", "Suspended"], [signal.SIGKILL]), ("cancel", [], []))


class PluginError(Exception):
    """Why a request failed: a code and a message."""


def messages():
    """What the Launcher says until it ends, and None whenever it is time to look after the jobs."""
    data = b""
    while True:
        if select.select([0], [], [], 0.1)[0]:
            if not (chunk := os.read(0, MAX_MESSAGE)):
                return
            data += chunk
        while len(data) >= 4 and len(data) >= (end := 4 + int.from_bytes(data[:4], "big")):
            yield json.loads(data[4:end])
            data = data[end:]
        if len(data) >= 4 and end > 4 + MAX_MESSAGE:
            sys.exit("A message is too long.")
        yield None


def start_time(pid):
    """When a process started, None if it has ended: a later one may have the same pid."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return None if state == "Z" else fields[18]
    except OSError:
        return None


class Plugin:
    def __init__(self, flags):
        self.scratch, self.user = Path(flags["scratch-path"]), getpass.getuser()
        self.jobs, self.streams, self.answered = {}, {}, 0
        self.handlers = {0: lambda _: self.send(0, 0), 1: self.bootstrap, 2: self.submit, 3: self.get, 4: self.stream,
                         5: self.control, 6: self.stream, 8: self.network, 9: self.cluster_info}

    def handle(self, request):
        try:
            if (handler := self.handlers.get(request["messageType"])) is None:
                raise PluginError(NOT_SUPPORTED, "This plugin cannot do that.")
            handler(request)
        except PluginError as error:
            self.send(-1, request["requestId"], errorCode=error.args[0], errorMessage=error.args[1])

    def send(self, message_type, request_id, **fields):
        message = {"messageType": message_type, "requestId": request_id, "responseId": self.answered, **fields}
        self.answered += 1
        body = json.dumps(message).encode()
        sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
        sys.stdout.buffer.flush()

    def refresh(self, job):
        """How a job is, from its files and its leader: the same whether this process started it or one before it."""
        directory = self.scratch / job["id"]
        if (directory / "exit").exists():
            code = int((directory / "exit").read_text())
            job.update(status="Killed" if code == 137 else "Finished", exitCode=code)
        elif start_time(job["pid"]) != job["startTime"]:
            job.update(status="Failed", statusMessage="It was ended from outside.")
        elif (directory / "started").exists():
            job["status"] = "Suspended" if (directory / "suspend").exists() else "Running"

    def tick(self):
        for job in self.jobs.values():
            if job["status"] not in FINAL:
                self.refresh(job)
        for stream in list(self.streams.values()):
            self.tell_output(stream) if "files" in stream else self.tell_status(stream)

    def seen_by(self, request):
        """The jobs that a request is about, as far as its user may see them."""
        mine = self.jobs.values() if request["username"] in ("*", self.user) else []
        return [job for job in mine if request["jobId"] in ("*", job["id"])]

    def find(self, request):
        if request["jobId"] == "*" or not (found := self.seen_by(request)):
            raise PluginError(NOT_FOUND, "There is no such job.")
        return found[0]

    def bootstrap(self, request):
        if request["version"]["major"] != 3:
            raise PluginError(WRONG_VERSION, "This plugin speaks version 3.")
        for file in self.scratch.glob("*/job.json"):
            job = self.jobs[file.parent.name] = json.loads(file.read_text())
            self.refresh(job)
        self.send(1, request["requestId"], version={"major": 3, "minor": 7, "patch": 0})

    def submit(self, request):
        wanted = {"name": "", "workingDirectory": "~", "resourceProfile": "custom", "user": request["username"]}
        wanted.update((key, value) for key, value in request["job"].items() if value)
        if wanted["user"] != self.user or request["username"] not in ("*", self.user):
            raise PluginError(INVALID, f"This plugin runs jobs of {self.user} only.")
        if ("exe" in wanted) == ("command" in wanted):
            raise PluginError(INVALID, "A job has either an exe or a command.")
        if refused := [field for field in REFUSED if field in wanted]:
            raise PluginError(NOT_SUPPORTED, f"This plugin runs no jobs with {refused}.")
        job = {key: value for key, value in wanted.items() if key not in SECRET}
        job.update(id=uuid.uuid4().hex, host=socket.gethostname(), status="Pending", statusMessage="")
        job["submissionTime"] = datetime.datetime.now(datetime.timezone.utc).isoformat()
        (directory := self.scratch / job["id"]).mkdir(mode=0o700)
        program = [wanted["exe"], *wanted.get("args", [])] if "exe" in wanted else ["/bin/sh", "-c", wanted["command"]]
        environment = {**os.environ, **{each["name"]: each["value"] for each in wanted.get("environment", [])}}
        (directory / "stdin").write_text(wanted.get("stdin", ""))
        (directory / "stdout").touch()
        (directory / "stderr").touch()
        place, work = str(directory.resolve()), os.path.expanduser(job["workingDirectory"])
        leader = ["/bin/sh", "-c", LEADER, "leader", place, work, *program]
        child = subprocess.Popen(leader, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
        job.update(pid=child.pid, startTime=start_time(child.pid))
        (directory / "job.new").write_text(json.dumps(job))
        (directory / "job.new").rename(directory / "job.json")
        self.jobs[job["id"]] = job
        self.send(2, request["requestId"], jobs=[job])

    def get(self, request):
        found = self.seen_by(request) if request["jobId"] == "*" else [self.find(request)]
        tags, statuses, fields = (request.get(key) or [] for key in ("tags", "statuses", "fields"))
        start, end = request.get("startTime") or "0", request.get("endTime") or "9"  # ISO 8601 in UTC compares as text.
        found = [job for job in found if set(tags) <= set(job.get("tags", []))
                 and (not statuses or job["status"] in statuses) and start <= job["submissionTime"] <= end]
        told = [{key: job[key] for key in job if not fields or key in ["id", *fields]} for job in found]
        self.send(2, request["requestId"], jobs=told)

    def control(self, request):
        if request["jobId"] == "*" or request["operation"] not in range(len(OPERATIONS)):
            raise PluginError(INVALID, "Name one job, and an operation from 0 to 4.")
        job, (what, states, signals) = self.find(request), OPERATIONS[request["operation"]]
        if job["status"] not in states:
            raise PluginError(WRONG_STATE, f"The job is {job['status']}: {what} is not possible.")
        directory = self.scratch / job["id"]
        if what == "kill":
            (directory / "exit").write_text("137")
        (directory / "suspend").touch() if what == "suspend" else (directory / "suspend").unlink(missing_ok=True)
        for each in signals:
            os.killpg(job["pid"], each)
        self.refresh(job)
        self.send(4, request["requestId"], operationComplete=True, statusMessage="")

    def stream(self, request):
        if request.get("cancel"):
            return self.streams.pop(request["requestId"], None)
        stream = {**request, "sequence": 0, "told": {}}
        if request["messageType"] == 6 or request["jobId"] != "*":
            directory = self.scratch / self.find(request)["id"]
        if request["messageType"] == 6:
            kinds = (["stdout"], ["stderr"], ["stdout", "stderr"])[request.get("outputType", 2)]
            decoder = codecs.getincrementaldecoder("utf-8")
            stream["files"] = [(kind, open(directory / kind, "rb"), decoder("replace")) for kind in kinds]
        self.streams[request["requestId"]] = stream

    def tell_status(self, stream):
        for job in self.seen_by(stream):
            if stream["told"].get(job["id"]) != job["status"]:
                stream["told"][job["id"]] = job["status"]
                sequences = [{"requestId": stream["requestId"], "seqId": stream["sequence"]}]
                stream["sequence"] += 1
                self.send(3, 0, sequences=sequences, **{key: job[key] for key in TOLD})

    def tell_output(self, stream):
        def tell(**fields):
            self.send(5, stream["requestId"], seqId=stream["sequence"], **fields)
            stream["sequence"] += 1
        for kind, file, decoder in stream["files"]:
            while chunk := file.read(65536):
                tell(output=decoder.decode(chunk), outputType=kind, complete=False)
        # Its status was looked at before its output was: whatever it wrote has been read.
        if self.jobs[stream["jobId"]]["status"] in FINAL:
            tell(output="", outputType="mixed", complete=True)
            del self.streams[stream["requestId"]]

    def network(self, request):
        self.send(7, request["requestId"], host=self.find(request)["host"], ipAddresses=["127.0.0.1"])

    def cluster_info(self, request):
        nothing = {"config": [], "placementConstraints": [], "resourceLimits": [], "resourceProfiles": []}
        self.send(8, request["requestId"], supportsContainers=False, allowUnknownImages=False, **nothing)


plugin = Plugin(dict(flag.lstrip("-").partition("=")[::2] for flag in sys.argv[1:]))
for message in messages():
    plugin.handle(message) if message else plugin.tick()
