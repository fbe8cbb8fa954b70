// In one way at most for every text: a digit that could belong to two parts would make a long row of them take minutes.
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A number as people write it, `12`, `-0.5`, `1e-3`, and nothing else that `Number` would take: not "", "0x10", "Infinity".
 *
 * Missing  NaN for any other text; a number beyond float64 is infinite.
 */
export const parseDecimal = (text: string): number => (decimal.test(text) ? Number(text) : Number.NaN);
