/** A source of chance: the next number of [0, 1). */
export type Chance = () => number;

const tokens = [
  ...[
    "-0",
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "1e-400",
    "9007199254740993",
    "99999999999",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "\u202e",
    "\u2028",
    "\ud83d\ude00",
    "\u00e9",
    "\ufeff",
    "\u0000",
  ],
  ...[
    '"',
    '""',
    "\r",
    "\n",
    "\r\n",
    "\t",
    ",",
    ";",
    " ",
    "'",
    "{",
    "}",
    "(",
    ")",
    "%",
    "%00",
    "%ff",
    "&",
    "=",
    "#",
  ],
  ...[
    "<!DOCTYPE x>",
    "<!ENTITY a 'b'>",
    "<?x y?>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&#0;",
    "&x;",
    "/>",
    "<",
    ">",
  ],
].map((text) => new TextEncoder().encode(text));

const numbers = [0, 1, 2, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Inputs stay as long as this: what is found in longer ones is mostly found in shorter ones, a hundred times as fast. */
const longest = 16_384;

/**
 * Bytes with one to four things wrong: bits, bytes, numbers and words that matter somewhere, parts that are left out,
 * doubled, moved, or another sample's.
 *
 * others   what else there is, to be spliced in
 */
export function mutate(sample: Uint8Array, others: readonly Uint8Array[], chance: Chance): Uint8Array {
  const upTo = (end: number) => Math.floor(chance() * end);
  const one = <T>(of: readonly T[]): T => of[upTo(of.length)];
  let bytes = sample;
  /** Other bytes in place of some. */
  const put = (from: number, to: number, piece: Uint8Array) => {
    const next = new Uint8Array(from + piece.length + bytes.length - to);
    next.set(bytes.subarray(0, from));
    next.set(piece, from);
    next.set(bytes.subarray(to), from + piece.length);
    bytes = next;
  };
  const part = () => {
    const from = upTo(bytes.length + 1);
    // Most of them short.
    return [from, Math.min(bytes.length, from + Math.floor(2 ** (chance() * 10)))] as const;
  };
  const changes: (() => void)[] = [
    () =>
      put(
        0,
        bytes.length,
        bytes.map((byte, at) => (at === spot ? byte ^ (1 << upTo(8)) : byte)),
      ),
    () => put(spot, Math.min(bytes.length, spot + 1), Uint8Array.of(upTo(256))),
    () => put(spot, chance() < 0.5 ? spot : Math.min(bytes.length, spot + one([1, 2, 4, 8])), one(tokens)),
    () => {
      const piece = new Uint8Array(one([1, 2, 4, 8]));
      const number = one(numbers);
      for (let at = 0; at < Math.min(4, piece.length); at++) piece[at] = number >>> (8 * at);
      put(spot, Math.min(bytes.length, spot + piece.length), chance() < 0.5 ? piece : piece.reverse());
    },
    () => put(...part(), new Uint8Array()),
    () => put(spot, bytes.length, new Uint8Array()),
    () => {
      const [from, to] = part();
      const times = chance() < 0.1 ? 2 ** upTo(8) : 1;
      for (let time = 0; time < times && bytes.length < longest; time++) put(to, to, bytes.slice(from, to));
    },
    () => {
      const [from, to] = part();
      const piece = bytes.slice(from, to);
      put(from, to, new Uint8Array());
      const at = upTo(bytes.length + 1);
      put(at, at, piece);
    },
    () => {
      const other = one(others);
      const from = upTo(other.length + 1);
      put(
        spot,
        chance() < 0.5 ? spot : bytes.length,
        other.slice(from, from + Math.floor(2 ** (chance() * 10))),
      );
    },
  ];
  let spot = 0;
  for (let left = 1 + upTo(4); left > 0; left--) {
    spot = upTo(bytes.length + 1);
    one(changes)();
  }
  return bytes.length > longest ? bytes.slice(0, longest) : bytes;
}
