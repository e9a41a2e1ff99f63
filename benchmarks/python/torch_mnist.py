"""PyTorch: seconds of training to 97 % of MNIST's test pictures. Each request is a fit with a seed of its own."""

import time

import mnist
import rows
import torch
from torch_peer import network, optimizer


def main():
    options = rows.arguments("threads", data=str)
    torch.set_num_threads(options.threads)
    x, y = (torch.from_numpy(part) for part in mnist.read(options.data, "train"))
    x_test, y_test = (torch.from_numpy(part) for part in mnist.read(options.data, "t10k"))
    loss_function = torch.nn.CrossEntropyLoss()
    seed = 0
    while (request := rows.next_request()) is not None:
        seed += 1
        torch.manual_seed(seed)
        model = network(options.layers)
        rule = optimizer(options.optimizer, model)
        watch = mnist.Watch(options.figure, request[1])
        ended = False
        while not ended:
            since = time.perf_counter()
            order = torch.randperm(len(x))
            for start in range(0, len(x), options.batch):
                chosen = order[start : start + options.batch]
                rule.zero_grad(set_to_none=True)
                loss_function(model(x[chosen]), y[chosen]).backward()
                rule.step()
            seconds = time.perf_counter() - since
            with torch.no_grad():
                accuracy = (model(x_test).argmax(1) == y_test).double().mean().item()
            ended = watch.epoch(seconds, accuracy)
        watch.answer()


if __name__ == "__main__":
    main()
