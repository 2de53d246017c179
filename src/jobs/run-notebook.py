"""Executes a notebook from its first to its last cell: sys.argv[1] is its path.

What cells put out is printed as it comes. The executed notebook is written beside it as <name>.<job id>.ipynb, also when
a cell has failed. Ends with 0, or with 1 after a sentence on stderr.
"""

import asyncio
import atexit
import os
import signal
import sys
import time
import warnings


def fail(sentence, code=1):
    sys.stderr.write(f"atelier: {sentence}\n")
    sys.stderr.flush()
    raise SystemExit(code)


try:
    import nbformat
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from traitlets.config import Config
except ImportError as error:
    fail(f"The Jupyter of this server cannot execute notebooks: {error}")

SAVE_SECONDS = 2
# A path of a unix socket has at most 107 bytes, of which ZeroMQ needs 50 below the runtime folder.
LONGEST_RUNTIME_DIRECTORY = 57
KERNELS = {"python": "python3", "r": "ir"}
# Not for the kernel to see.
PYTHON = os.environ.pop("ATELIER_KERNEL_PYTHON", None)
R = os.environ.pop("ATELIER_KERNEL_R", None)


class Kernels(KernelSpecManager):
    """The kernels of this server, of which those of Python and R are the chosen ones."""

    def own(self):
        own = {}
        if PYTHON:
            own["python3"] = [PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        if R:
            own["ir"] = [R, "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
        return own

    def get_kernel_spec(self, kernel_name):
        argv = self.own().get(kernel_name)
        if argv is None:
            return super().get_kernel_spec(kernel_name)
        language = "R" if kernel_name == "ir" else "python"
        return KernelSpec(argv=argv, display_name=kernel_name, language=language)

    def choose(self, notebook):
        """The name of the kernel for a notebook: the chosen one of its language, else the one that it names."""
        spec = notebook.metadata.get("kernelspec", {})
        told = notebook.metadata.get("language_info", {})
        language = str(spec.get("language") or told.get("name") or "python").lower()
        usual = KERNELS.get(language)
        if usual in self.own():
            return usual
        there = self.find_kernel_specs()
        name = spec.get("name") or usual
        if name in there:
            return name
        if usual in there:
            sys.stderr.write(f"atelier: There is no kernel {name} here; {usual} takes its place.\n")
            return usual
        fail(f"The notebook wants the kernel {name}, and there are only: {', '.join(there)}")


class Client(NotebookClient):
    """Prints what cells put out, and calls `on_cell` after each cell."""

    def __init__(self, notebook, kernels, on_cell, **options):
        super().__init__(notebook, **options)
        self.kernels = kernels
        self.on_cell = on_cell
        self.cell = 1
        self.stopped = False

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        manager.kernel_spec_manager = self.kernels
        return manager

    async def async_start_new_kernel_client(self, **options):
        started = await super().async_start_new_kernel_client(**options)
        # In place of nbclient's own, which leaves what waits for the kernel to fail in some way.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop, asyncio.current_task())
        return started

    def stop(self, execution):
        self.stopped = True
        self.shutdown_kernel = "immediate"
        execution.cancel()

    async def async_execute_cell(self, cell, cell_index, *args, **options):
        self.cell = cell_index + 1
        done = await super().async_execute_cell(cell, cell_index, *args, **options)
        self.on_cell()
        return done

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        kind = msg["msg_type"]
        if kind == "stream":
            show(sys.stderr if content["name"] == "stderr" else sys.stdout, content["text"])
        elif kind in ("execute_result", "display_data"):
            text = content["data"].get("text/plain")
            if text:
                show(sys.stdout, ("".join(text) if isinstance(text, list) else text) + "\n")
        elif kind == "error":
            show(sys.stderr, "\n".join(content["traceback"]) + "\n")
        return super().process_message(msg, cell, cell_index)


def show(stream, text):
    stream.write(text)
    stream.flush()


def target_of(path):
    stem = path[: -len(".ipynb")] if path.endswith(".ipynb") else path
    target = f"{stem}.{os.environ.get('ATELIER_WORKBENCH_JOB_ID', 'executed')}.ipynb"
    if os.access(os.path.dirname(target) or ".", os.W_OK):
        return target
    here = os.path.join(os.path.expanduser("~"), os.path.basename(target))
    sys.stderr.write(f"atelier: You may not write beside the notebook, so the executed one is {here}\n")
    return here


def saver(notebook, target):
    """Writes what has been executed so far, whole or not at all, and unless `now` not too often."""
    saved = -SAVE_SECONDS

    def save(now=False):
        nonlocal saved
        if not now and time.monotonic() - saved < SAVE_SECONDS:
            return
        nbformat.write(notebook, f"{target}.new")
        os.replace(f"{target}.new", target)
        saved = time.monotonic()

    return save


def config_of():
    directory = os.environ.get("ATELIER_DIRECTORY", "")
    if not directory or len(os.fsencode(directory)) > LONGEST_RUNTIME_DIRECTORY:
        return Config()
    # Sockets there are for this account only, while every account of the server could listen at a port.
    os.environ["JUPYTER_RUNTIME_DIR"] = directory
    return Config({"KernelManager": {"transport": "ipc"}})


def read(path):
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        fail(f"{path} is no notebook: {error}")


def execute(path):
    notebook = read(path)
    config = config_of()
    kernels = Kernels(config=config)
    save = saver(notebook, target_of(path))
    client = Client(
        notebook,
        kernels,
        save,
        kernel_name=kernels.choose(notebook),
        timeout=None,
        coalesce_streams=True,
        config=config,
        resources={"metadata": {"path": os.getcwd()}},
    )
    try:
        asyncio.run(client.async_execute())
    except (Exception, asyncio.CancelledError) as error:
        if client.stopped:
            fail(f"The notebook was stopped at cell {client.cell}.", 128 + signal.SIGTERM)
        if isinstance(error, CellExecutionError):
            fail(f"Cell {client.cell} has failed, and the cells after it were not executed.")
        if isinstance(error, DeadKernelError):
            fail(f"The kernel has died at cell {client.cell}.")
        fail(f"The kernel cannot be used: {error or type(error).__name__}")
    finally:
        if client.km is None:
            # nbclient leaves it when it is stopped, and it fails without a kernel.
            atexit.unregister(client._cleanup_kernel)
        save(now=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        execute(sys.argv[1])
    except OSError as error:
        fail(f"{error}")
