"""A real Slurm of a test's own, of one node: munged, slurmctld and slurmd, on loopback."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

NEEDED = {"munged": "munge", "slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client"}

# Slurm would listen on every address without NoInAddrAny; no plugin here needs cgroups.
SLURM_CONF = """
ClusterName=two_cakes
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld_port}
SlurmdPort={slurmd_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=1
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ReturnToService=2
MpiDefault=none
MaxArraySize={max_array}
NodeName={host} NodeAddr=127.0.0.1 NodeHostname={host} Port={slurmd_port} CPUs={cores} RealMemory=500
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def lacks():
    """Return why there can be no Slurm of our own here; "" if there can."""
    missing = sorted(package for program, package in NEEDED.items() if not _which(program))
    if missing:
        return f"no {', '.join(missing)}: apt-get install slurmctld slurmd slurm-client munge"
    return "" if os.geteuid() == 0 else "slurmd starts jobs as their users: only root can"


def _which(program):
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class OwnSlurm:
    """Runs between start() and stop(); `environment` is what its clients need."""

    def __init__(self, folder, max_array=1001):
        self.folder = Path(folder)
        self.environment = {"SLURM_CONF": str(self.folder / "slurm.conf")}
        self._max_array = max_array
        self._daemons = []

    def start(self):
        """Start the daemons; return when the node is idle. RuntimeError with their last words."""
        os.chmod(self.folder, 0o755)
        for name in ("state", "spool", "munge"):
            (self.folder / name).mkdir(mode=0o755)
        key = self.folder / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        conf = SLURM_CONF.format(
            host=socket.gethostname().split(".")[0],
            folder=self.folder,
            cores=os.cpu_count(),
            ctld_port=_free_port(),
            slurmd_port=_free_port(),
            max_array=self._max_array,
        )
        (self.folder / "slurm.conf").write_text(conf)
        munge = self.folder / "munge"
        self._run(
            "munged",
            "--foreground",
            "--force",
            f"--socket={self.folder}/munge.socket",
            f"--key-file={key}",
            f"--pid-file={munge}/pid",
            f"--log-file={munge}/log",
            f"--seed-file={munge}/seed",
        )
        self._wait(lambda: (self.folder / "munge.socket").exists())
        self._run("slurmctld", "-D", "-i")
        self._run("slurmd", "-D")
        self._wait(lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%T"))

    def _run(self, program, *arguments):
        with (self.folder / f"{program}.out").open("wb") as log:
            self._daemons.append(
                subprocess.Popen(
                    [_which(program), *arguments],
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self.environment},
                )
            )

    def ask(self, *command):
        """Return what a client of it prints."""
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment},
            timeout=30,
        ).stdout

    def _wait(self, holds):
        give_up = time.monotonic() + 60
        while not holds():
            if time.monotonic() > give_up or any(one.poll() is not None for one in self._daemons):
                raise RuntimeError(
                    "no Slurm: "
                    + "".join(
                        path.read_text(errors="replace")[-1500:]
                        for path in self.folder.glob("*.out")
                    )
                )
            time.sleep(0.05)

    def stop(self):
        """End its jobs and its daemons."""
        if len(self._daemons) == 3:
            self.ask("scancel", "--user=root")
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
