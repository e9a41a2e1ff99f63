"""PyTorch's DistributedDataParallel over gloo: two processes of one thread, half of each batch in each. Rank 0 talks."""

import os
import socket
import subprocess
import sys
import time

import rows
import torch
import torch.distributed as distributed
from torch.nn.parallel import DistributedDataParallel
from torch_peer import network, optimizer

PROCESSES = 2


def start_other():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=port, GLOO_SOCKET_IFNAME="lo", WORLD_SIZE=str(PROCESSES), RANK="0")
    environment = dict(os.environ, RANK="1")
    subprocess.Popen([sys.executable] + sys.argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class Trainer:
    def __init__(self, options, rank):
        torch.manual_seed(42)
        x, y = rows.synthetic(options.rows, options.layers[0], options.layers[-1])
        self.x, self.y = torch.from_numpy(x[rank::PROCESSES]), torch.from_numpy(y[rank::PROCESSES])
        self.model = DistributedDataParallel(
            network(options.layers), gradient_as_bucket_view=True, broadcast_buffers=False, static_graph=True
        )
        self.rule = optimizer(options.optimizer, self.model)
        self.loss_function = torch.nn.CrossEntropyLoss()
        self.batch = options.batch // PROCESSES
        self.order, self.at = torch.randperm(len(self.x)), 0

    def steps(self, count):
        for _ in range(count):
            if self.at + self.batch > len(self.x):
                self.order, self.at = torch.randperm(len(self.x)), 0
            chosen = self.order[self.at : self.at + self.batch]
            self.at += self.batch
            self.rule.zero_grad(set_to_none=True)
            loss = self.loss_function(self.model(self.x[chosen]), self.y[chosen])
            loss.backward()
            self.rule.step()
        return loss


def follow(trainer):
    count = torch.zeros(1, dtype=torch.int64)
    while True:
        distributed.broadcast(count, 0)
        if count.item() == 0:
            return
        trainer.steps(count.item())


def lead(trainer, options):
    def run(count):
        distributed.broadcast(torch.tensor([count]), 0)
        return trainer.steps(count) if count else None

    step_seconds = 1.0
    while (request := rows.next_request()) is not None:
        warmup, wanted = request
        since = time.perf_counter()
        while True:
            started = time.perf_counter()
            run(20)
            step_seconds = (time.perf_counter() - started) / 20
            if time.perf_counter() - since >= warmup:
                break
        count = max(20, int(wanted / step_seconds))
        started = time.perf_counter()
        loss = run(count)
        seconds = time.perf_counter() - started
        notes = {"loss": "%.4f" % loss.item(), "version": torch.__version__, "processes": PROCESSES}
        rows.answer({options.figure: count * trainer.batch * PROCESSES / seconds}, notes)
    run(0)


def main():
    options = rows.arguments("threads")
    if "RANK" not in os.environ:
        start_other()
    torch.set_num_threads(options.threads)
    rank = int(os.environ["RANK"])
    distributed.init_process_group("gloo")
    trainer = Trainer(options, rank)
    if rank == 0:
        lead(trainer, options)
    else:
        follow(trainer)


if __name__ == "__main__":
    main()
