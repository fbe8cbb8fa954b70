// A model of one operation, in ONNX's own file format: protocol buffers, of which few lines are enough for a writer.
// Source  onnx.proto3 of ONNX 1.16 (IR version 8, operators 13); the numbers of its fields are named beside them.

type Field = readonly [number: number, value: number | string | readonly Field[]];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [128 | (value & 127), ...varint(value >>> 7)];

function encoded(fields: readonly Field[]): number[] {
  return fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [...varint(8 * number), ...varint(value)];
    const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : encoded(value);
    return [...varint(8 * number + 2), ...varint(bytes.length), ...bytes];
  });
}

const elements = { float: 1, uint8: 2, int32: 6 } as const;

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } } */
const matrix = (name: string, type: keyof typeof elements, rows: number, columns: number): Field[] => {
  const shape: Field[] = [rows, columns].map((size) => [1, [[1, size]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, elements[type]],
            [2, shape],
          ],
        ],
      ],
    ],
  ];
};

/** product [neurons × neurons] = outcome [neurons × trials] · on [trials × neurons] */
export function matrixModel(type: "MatMul" | "MatMulInteger", neurons: number, trials: number): Uint8Array {
  const [from, to] = type === "MatMul" ? (["float", "float"] as const) : (["uint8", "int32"] as const);
  // NodeProto: input 1, output 2, op_type 4.
  const node: Field[] = [
    [1, "outcome"],
    [1, "on"],
    [2, "product"],
    [4, type],
  ];
  // GraphProto: node 1, name 2, input 11, output 12.
  const graph: Field[] = [
    [1, node],
    [2, "pairs"],
    [11, matrix("outcome", from, neurons, trials)],
    [11, matrix("on", from, trials, neurons)],
    [12, matrix("product", to, neurons, neurons)],
  ];
  // ModelProto: ir_version 1, graph 7, opset_import 8 { domain 1, version 2 }.
  return new Uint8Array(
    encoded([
      [1, 8],
      [7, graph],
      [
        8,
        [
          [1, ""],
          [2, 13],
        ],
      ],
    ]),
  );
}
