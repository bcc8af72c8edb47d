"""Which device, how many processes, which arithmetic: one process on a CPU or GPU, or many through torchrun."""

import os
import resource
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

Network = TypeVar("Network", bound=nn.Module)


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

    def peak_memory(self) -> float:
        """The most memory that was taken so far, MB: of the GPU, or of the whole process on a CPU."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device) / 1e6
        unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, else KiB
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def this_process() -> Process:
    """This process; it joins the others when torchrun started several."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return Process(device, rank, world)


def fastest_precision() -> str:
    """bfloat16 where the hardware multiplies it natively (2 times faster with AVX-512, 3 with AMX), else float32."""
    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    native = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"
