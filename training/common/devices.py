"""Which device, how many processes, which arithmetic: one process on a CPU or GPU, or many through torchrun."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
import torch.distributed as dist


@dataclass(frozen=True)
class Place:
    """This process among `world`; `rank` 0 is the one that writes."""

    device: torch.device
    rank: int
    world: int

    def autocast(self, precision: str) -> AbstractContextManager:
        """Mixed bfloat16 arithmetic, or none for float32."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=precision == "bfloat16")


def place() -> Place:
    """Where this process runs; joins the others when torchrun started several."""
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return Place(device, rank, world)


def fastest_precision() -> str:
    """bfloat16 where the hardware multiplies it natively (2 times faster with AVX-512, 3 with AMX), else float32."""
    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    native = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"
