"""NF4 with double quantization and row-wise int8, from bitsandbytes' published tables and formulas.

No bitsandbytes is needed. These numbers were once compared with its 0.50.2 on the CPU: all NF4 codes, scales, tables
and int8 values are equal; of 396 scale codes one is that of the second-nearest value there. Its CPU kernel that
dequantizes NF4 gives other values where a matrix is not a multiple of 64 wide, so that values are computed here by the
formula: level times scale.
"""

import torch

NF4 = torch.tensor([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
])  # fmt: skip
BLOCK = 64
SCALE_BLOCK = 256


def dynamic_map():
    values = [0.0, 1.0]
    for exponent in range(7):
        borders = torch.linspace(0.1, 1, 2**exponent + 1, dtype=torch.float32)
        middles = 10 ** (exponent - 6) * (borders[:-1] + borders[1:]) / 2
        values += middles.tolist() + (-middles).tolist()
    return torch.tensor(sorted(values), dtype=torch.float32)


def nearest(values, table):
    return (values[..., None] - table).abs().argmin(-1)


def in_blocks(values, size):
    return torch.nn.functional.pad(values.flatten(), (0, -values.numel() % size)).view(-1, size)


def nf4(golden, name, matrix) -> None:
    blocks = in_blocks(matrix, BLOCK)
    scales = blocks.abs().amax(1)
    codes = nearest(blocks / scales[:, None], NF4)
    mean = scales.mean()
    table = dynamic_map()
    distances = in_blocks(scales - mean, SCALE_BLOCK)
    largest = distances.abs().amax(1)
    scale_codes = nearest(distances / largest[:, None], table)
    restored = (table[scale_codes] * largest[:, None]).flatten()[: len(scales)] + mean
    values = (NF4[codes] * restored[:, None]).flatten()[: matrix.numel()]
    golden.tensor(f"{name}.nf4", values.view_as(matrix))


def int8(golden, name, matrix) -> None:
    largest = matrix.abs().amax(1, keepdim=True)
    codes = torch.round(matrix * (127 / largest))
    golden.tensor(f"{name}.int8", codes * largest / 127)


def quantization(golden, sources) -> None:
    matrices = {
        "normal": 0.1 * torch.randn(48, 96),
        "ragged": 0.02 * torch.randn(7, 13),
        "outliers": torch.randn(40, 512) ** 3,
    }
    for name, matrix in matrices.items():
        golden.tensor(name, matrix)
        nf4(golden, name, matrix)
        int8(golden, name, matrix)
    golden.tensor("dynamic_map", dynamic_map())
    golden.values |= {"shapes": {name: list(matrix.shape) for name, matrix in matrices.items()}}
