/** What every rival multiplies: which sources were on, and the outcomes of the targets, trial by trial. */
export interface Pairs {
  readonly neurons: number;
  readonly trials: number;
  /** u8 [sources × trials] 0 or 1 */
  readonly on: Uint8Array;
  /** u8 [targets × trials] 0…255 */
  readonly outcome: Uint8Array;
}

/** Drawn evenly: what is drawn is no matter, only that all rivals are given the same. */
export function drawPairs(neurons: number, trials: number): Pairs {
  let state = 1;
  // Marsaglia (2003), Xorshift RNGs.
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 24;
  };
  const bytes = () => Uint8Array.from({ length: neurons * trials }, draw);
  return { neurons, trials, on: bytes().map((byte) => byte & 1), outcome: bytes() };
}

export interface Place {
  readonly target: number;
  readonly source: number;
}

/** The corners, and some places between. */
export function placesIn({ neurons }: Pairs): Place[] {
  const last = neurons - 1;
  const within = (share: number) => Math.floor(share * neurons);
  const rows = [0, within(0.3), within(0.7), last];
  return rows.flatMap((target) => [0, within(0.4), within(0.6), last].map((source) => ({ target, source })));
}

/** One pair sum, by its definition. It stays below 2^24, so that floats hold it exactly too. */
export function pairSum({ on, outcome, trials }: Pairs, { target, source }: Place): number {
  let sum = 0;
  for (let trial = 0; trial < trials; trial++)
    sum += on[source * trials + trial] * outcome[target * trials + trial];
  return sum;
}

export const floats = (bytes: Uint8Array): Float32Array<ArrayBuffer> => Float32Array.from(bytes);

/** [trials × rows] */
export function transposed(bytes: Uint8Array, trials: number): Uint8Array {
  const rows = bytes.length / trials;
  const turned = new Uint8Array(bytes.length);
  for (let row = 0; row < rows; row++)
    for (let trial = 0; trial < trials; trial++) turned[trial * rows + row] = bytes[row * trials + trial];
  return turned;
}

/** Bits of a row of trials, 32 a word. */
export function bitsOf({ on, neurons, trials }: Pairs, words: number): Uint32Array {
  const bits = new Uint32Array(neurons * words);
  for (let source = 0; source < neurons; source++)
    for (let trial = 0; trial < trials; trial++)
      bits[source * words + (trial >>> 5)] |= on[source * trials + trial] << (trial & 31);
  return bits;
}
