"""Which device, how many processes, which arithmetic: one process on a CPU or GPU, or many through torchrun.

The processes may be on one machine or on many (docs/training.md). They find one another by what torchrun puts into the
environment.
"""

import os
import re
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

Network = TypeVar("Network", bound=nn.Module)
Value = TypeVar("Value")

LONGEST_WAIT = timedelta(hours=1)  # for the first process, which validates and saves alone
GLOO = re.compile(r"gloo|Connection (closed|reset) by peer|Broken pipe")


class Lost(RuntimeError):
    """Another process has ended before its work was done; the message says what to do."""


@dataclass(frozen=True)
class Process:
    """This process among `world`; `rank` 0 is the one that writes."""

    device: torch.device
    rank: int
    world: int

    def autocast(self, precision: str) -> AbstractContextManager:
        """Mixed bfloat16 arithmetic, or none for float32."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=precision == "bfloat16")

    def move(self, network: Network) -> Network:
        """The network on this process's device, channels last."""
        return network.to(device=self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def parallel(self, network: nn.Module) -> nn.Module:
        """The network as to be called in a step: its gradients become the mean of all processes'.

        Buffers stay each process's own: batch norm's statistics are not read in training, others are constants.
        """
        return DistributedDataParallel(network, broadcast_buffers=False) if self.world > 1 else network

    def gathered(self, value: Value) -> list[Value]:
        """What each process gave, by rank; every process has to call this."""
        if self.world == 1:
            return [value]
        values: list[Any] = [None] * self.world
        dist.all_gather_object(values, value)
        return values

    def from_first(self, make: Callable[[], Value]) -> Value:
        """What `make` gives in the first process, in all of them; what it raises is raised in all."""
        if self.world == 1:
            return make()
        shared: list[Any] = [None]
        if self.rank == 0:
            try:
                shared = [(make(), None)]
            except Exception as error:
                shared = [(None, error)]
        dist.broadcast_object_list(shared)
        value, raised = shared[0]
        if raised:
            raise raised
        return value

    @contextmanager
    def together(self, advice: str) -> Iterator[None]:
        """Within, the processes work together; they leave together too, so that none ends while another waits for it.

        Raises Lost with the advice when another process has ended.
        """
        try:
            yield
            if self.world > 1:
                dist.barrier()
                dist.destroy_process_group()
        except (dist.DistError, RuntimeError) as error:
            if self.world > 1 and (isinstance(error, dist.DistError) or GLOO.search(str(error))):
                raise Lost(f"another of the {self.world} processes ended, and its output says why; {advice}") from error
            raise

    def peak_memory(self) -> float:
        """The most memory that was taken so far, MB: of the GPU, or of the whole process on a CPU."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device) / 1e6
        unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, else KiB
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def this_process(wait: timedelta = LONGEST_WAIT, on_cpu: bool = False) -> Process:
    """This process; it joins the others when torchrun started several. `wait` is the longest for one another."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if torch.cuda.is_available() and not on_cpu else torch.device("cpu")
    if world > 1 and not dist.is_initialized():
        if device.type == "cuda":
            torch.cuda.set_device(device)
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=wait)
    return Process(device, rank, world)


def fastest_precision() -> str:
    """bfloat16 where the hardware multiplies it natively (2 times faster with AVX-512, 3 with AMX), else float32."""
    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    native = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"
