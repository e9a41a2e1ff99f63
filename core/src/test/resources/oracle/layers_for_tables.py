"""Makes layers_for_tables.json.gz: outputs, losses and gradients of layers for tables, by PyTorch's autograd in float64.

Run with Python 3 and PyTorch 2 (made with 2.15.0): python layers_for_tables.py
The formulas are written down here from the papers, with tensors [columns, units, ...], not as Backdraft lays them out:
  Guo and Berkhahn 2016 (embedding), Gorishniy, Rubachev and Babenko 2022 (PL, PLR, piecewise linear),
  Holzmueller, Grinsztajn and Steinwart 2024 (PBLD, scaling, parametric activation), He et al. 2015 (PReLU),
  Wen, Tran and Ba 2020 (batch ensemble), Gorishniy, Kotelnikov and Babenko 2025 (the mean of its members).
"""

import gzip
import json
import math

import torch

torch.set_default_dtype(torch.float64)
ROWS = 6


def rounded(tensor):
    """Values that a float32 holds exactly."""
    return tensor.float().double()


def normal(*shape):
    return rounded(torch.randn(*shape)).requires_grad_()


def embedding(x, p, s):
    outputs = []
    for column in range(x.shape[1]):
        if column in s["code_columns"]:
            table = p[f"weight{column}"]  # [values, size]
            outputs.append(torch.nn.functional.embedding(x[:, column].detach().long(), table))
        else:
            outputs.append(x[:, column : column + 1])
    return torch.cat(outputs, dim=1)


def periodic(x, p, s):
    angle = 2 * math.pi * p["frequency"][None] * x[:, :, None]  # [rows, columns, frequencies]
    if s["form"] == "pbld":
        waves = torch.cos(angle + p["phase"][None])
        units = torch.einsum("ncf,cuf->ncu", waves, p["weight"]) + p["bias"][None]
        return torch.cat([x[:, :, None], units], dim=2).flatten(1)
    waves = torch.cat([torch.sin(angle), torch.cos(angle)], dim=2)
    units = torch.einsum("ncf,cuf->ncu", waves, p["weight"]) + p["bias"][None]
    return (torch.relu(units) if s["form"] == "plr" else units).flatten(1)


def piecewise(x, p, s):
    columns = []
    for column, edges in enumerate(s["boundaries"]):
        bins = len(edges) - 1
        code = []
        for t in range(bins):
            part = (x[:, column] - edges[t]) / (edges[t + 1] - edges[t])
            if t > 0:
                part = torch.clamp(part, min=0)
            if t < bins - 1:
                part = torch.clamp(part, max=1)
            code.append(part)
        code = torch.stack(code, dim=1)  # [rows, bins]
        columns.append(code @ p["weight"][column][:, :bins].T + p["bias"][column])
    return torch.cat(columns, dim=1)


def prelu(x, p, s):
    return torch.nn.functional.prelu(x, p["slope"])


def mixture(x, p, s):
    return p["mixture"] * torch.selu(x) + (1 - p["mixture"]) * x


def scaling(x, p, s):
    return p["scale"] * x


def batch_ensemble(x, p, s):
    members = s["members"]
    x = x.reshape(x.shape[0], members, -1)
    r = p["input-scale"].reshape(members, -1)
    scale = p["output-scale"].reshape(members, -1)
    bias = p["bias"].reshape(members, -1)
    return (((r * x) @ p["weight"].T) * scale + bias).flatten(1)


def ensemble_mean(x, p, s):
    x = x.reshape(x.shape[0], s["members"], -1)
    if s["average"] == "softmax":
        return torch.log(torch.softmax(x, dim=2).mean(dim=1))
    if s["average"] == "sigmoid":
        return torch.logit(torch.sigmoid(x).mean(dim=1))
    return x.mean(dim=1)


def ensemble_mean_case(average):
    settings = {"members": 3, "average": average}
    layer = {"type": "ensemble-mean", "inputSize": 6, "members": 3, "average": average}
    return case("mean of " + average, layer, ensemble_mean, 2 * torch.randn(ROWS, 6), {}, settings)


def codes(x, column, values):
    x = x.detach().clone()
    x[:, column] = torch.randint(0, values, (x.shape[0],)).double()
    return x


def case(name, layer, function, x, parameters, settings=None):
    x = rounded(x.detach()).requires_grad_()
    y = function(x, parameters, settings or {})
    target = rounded(torch.randn(y.shape))
    loss = ((y - target) ** 2).mean()
    names = list(parameters)
    gradients = torch.autograd.grad(loss, [x] + [parameters[n] for n in names], allow_unused=True)
    dx = torch.zeros_like(x) if gradients[0] is None else gradients[0]
    return {
        "name": name,
        "layer": layer,
        "input": x.tolist(),
        "target": target.tolist(),
        "parameters": {n: parameters[n].tolist() for n in names},
        "output": y.tolist(),
        "loss": loss.item(),
        "gradients": {n: g.tolist() for n, g in zip(names, gradients[1:])},
        "input_gradient": dx.tolist(),
    }


def periodic_case(form, columns, frequencies, size):
    units = size - 1 if form == "pbld" else size
    waves = frequencies if form == "pbld" else 2 * frequencies
    parameters = {"frequency": normal(columns, frequencies)}
    if form == "pbld":
        parameters["phase"] = normal(columns, frequencies)
    parameters["weight"] = normal(columns, units, waves)
    parameters["bias"] = normal(columns, units)
    layer = {"type": "periodic-embedding", "inputSize": columns, "form": form, "frequencies": frequencies, "embeddingSize": size}
    return case(form, layer, periodic, torch.randn(ROWS, columns), parameters, {"form": form})


def main():
    torch.manual_seed(15)
    boundaries = [[-1.0, -0.25, 0.5, 1.5], [-0.5, 0.75], [0.0, 0.125, 2.0]]
    x = codes(codes(torch.randn(ROWS, 4), 1, 5), 2, 3)
    cases = [
        case(
            "embedding",
            {
                "type": "embedding",
                "inputSize": 4,
                "codes": [
                    {"column": 1, "values": 5, "embeddingSize": 3},
                    {"column": 2, "values": 3, "embeddingSize": 2},
                ],
            },
            embedding,
            x,
            {"weight1": normal(5, 3), "weight2": normal(3, 2)},
            {"code_columns": [1, 2]},
        ),
        periodic_case("pl", 3, 4, 2),
        periodic_case("plr", 3, 4, 5),
        periodic_case("pbld", 3, 5, 4),
        case(
            "piecewise linear",
            {"type": "piecewise-linear-embedding", "boundaries": boundaries, "embeddingSize": 4},
            piecewise,
            2 * torch.randn(ROWS, 3),
            {"weight": normal(3, 4, 3), "bias": normal(3, 4)},
            {"boundaries": boundaries},
        ),
        case("prelu", {"type": "prelu", "size": 4}, prelu, torch.randn(ROWS, 4), {"slope": normal(4)}),
        case("shared prelu", {"type": "prelu", "size": 4, "shared": True}, prelu, torch.randn(ROWS, 4), {"slope": normal(1)}),
        case(
            "parametric activation",
            {"type": "parametric-activation", "size": 4, "function": "selu"},
            mixture,
            torch.randn(ROWS, 4),
            {"mixture": normal(4)},
        ),
        case(
            "batch ensemble",
            {"type": "batch-ensemble", "inputSize": 12, "members": 3, "units": 5},
            batch_ensemble,
            torch.randn(ROWS, 12),
            {"weight": normal(5, 4), "input-scale": normal(12), "output-scale": normal(15), "bias": normal(15)},
            {"members": 3},
        ),
        ensemble_mean_case("outputs"),
        ensemble_mean_case("softmax"),
        ensemble_mean_case("sigmoid"),
        case("scaling", {"type": "scaling", "size": 4}, scaling, torch.randn(ROWS, 4), {"scale": normal(4)}),
    ]
    file = {"topic": "layers for tables", "tolerance": {"relative": 2e-4, "absolute": 1e-6}, "torch": torch.__version__, "cases": cases}
    with gzip.GzipFile("layers_for_tables.json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(file).encode())


if __name__ == "__main__":
    main()
