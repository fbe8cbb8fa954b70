interface Size {
  readonly neurons: number;
  readonly arrows: number;
}

/** As many neurons and arrows as the wiring diagram of a fly's brain has. */
export const flyBrain: Size = { neurons: 139_000, arrows: 2_700_000 };

/** 18-digit ids, as such tables have them: numbers in JavaScript would lose the last two digits. */
export const idOf = (neuron: number): string =>
  `7205759406${String(10_000_019 + 397 * neuron).padStart(8, "0")}`;

const hash = (value: number) =>
  Math.imul(Math.imul(value ^ 0x5bd1e995, 0x9e3779b1) ^ (value >>> 7), 0x85ebca6b) >>> 0;

const transmitters = ["ACH", "ACH", "ACH", "GABA", "GLUT"];

/**
 * A table in the manner of FlyWire's, the same on every machine, in pieces of some 64 KiB of text. Neuron `n` of the
 * wiring is called `idOf(n)`; every neuron has a row as target, and no two rows are of the same two neurons.
 */
export function* manyEdges({ neurons, arrows }: Size = flyBrain): Generator<string> {
  const ids = Array.from({ length: neurons }, (_, neuron) => idOf(neuron));
  let text = "pre_root_id,post_root_id,neuropil,syn_count,nt_type\n";
  for (let target = 0, row = 0; target < neurons; target++) {
    const end = Math.floor(((target + 1) / neurons) * arrows);
    const start = hash(target);
    // 1 more than a multiple of 10 has no factor in common with 139,000 but 139, so that steps do not meet.
    const step = 10 * (hash(start) % 5_000) + 1;
    for (let arrow = 0; row < end; row++, arrow++) {
      const source = (start + arrow * step) % neurons;
      const count = 1 + (hash(row) % 30);
      text += `${ids[source]},${ids[target]},LO_R,${count},${transmitters[source % 5]}\n`;
    }
    if (text.length > 65_536) {
      yield text;
      text = "";
    }
  }
  yield text;
}
