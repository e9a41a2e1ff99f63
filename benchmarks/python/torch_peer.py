"""PyTorch in one process, rows taken by an index tensor."""

import time

import rows
import torch


def network(layers):
    parts = []
    for i in range(1, len(layers)):
        parts.append(torch.nn.Linear(layers[i - 1], layers[i]))
        if i < len(layers) - 1:
            parts.append(torch.nn.ReLU())
    return torch.nn.Sequential(*parts)


def optimizer(name, model):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=0.01)
    return torch.optim.Adam(model.parameters(), lr=0.001)


def main():
    options = rows.arguments("threads")
    torch.set_num_threads(options.threads)
    torch.manual_seed(42)
    x, y = rows.synthetic(options.rows, options.layers[0], options.layers[-1])
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = network(options.layers)
    rule = optimizer(options.optimizer, model)
    loss_function = torch.nn.CrossEntropyLoss()
    whole = options.batch >= options.rows

    def epoch():
        order = None if whole else torch.randperm(options.rows)
        for start in range(0, options.rows, options.batch):
            if whole:
                inputs, labels = x, y
            else:
                chosen = order[start : start + options.batch]
                inputs, labels = x[chosen], y[chosen]
            rule.zero_grad(set_to_none=True)
            loss = loss_function(model(inputs), labels)
            loss.backward()
            rule.step()
        return loss

    while (request := rows.next_request()) is not None:
        warmup, wanted = request
        since = time.perf_counter()
        while time.perf_counter() - since < warmup:
            epoch()
        done, seconds, since = 0, 0.0, time.perf_counter()
        while done == 0 or seconds < wanted:
            loss = epoch()
            done += options.rows
            seconds = time.perf_counter() - since
        notes = {"loss": "%.4f" % loss.item(), "version": torch.__version__, "threads": torch.get_num_threads()}
        rows.answer({options.figure: done / seconds}, notes)


if __name__ == "__main__":
    main()
