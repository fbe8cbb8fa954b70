import type { Sums } from "./sums";

/** One part of the sums, word by word. */
export interface PartSameness {
  /** As the sums call it: "pair"; parts of parts with a dot between. */
  readonly part: string;
  readonly words: number;
  readonly different: number;
}

/**
 * Two engines' sums of the same trials, compared word by word. A word is one whole number of the sums.
 *
 * Shapes   pairs [targets × sources]: 1 where any word that the pair's effect is computed from differs.
 * first    where they first differ, pairs before all other parts, because a pair says most; null: nowhere.
 */
export interface Sameness {
  readonly words: number;
  readonly different: number;
  readonly parts: readonly PartSameness[];
  readonly first: {
    readonly part: string;
    readonly index: number;
    readonly a: number;
    readonly b: number;
  } | null;
  readonly pairs: Uint8Array;
}

/**
 * Compares all words of two sums, whatever parts they have.
 *
 * Errors   RangeError if they are not over the same targets and sources, or one has a part that the other has not.
 */
export function compareSums(a: Sums, b: Sums): Sameness {
  const [left, right] = [partsOf(a), partsOf(b)];
  const names = [...left.keys()];
  const alike = (part: string) => left.get(part)?.length === right.get(part)?.length;
  const isSame = a.targets === b.targets && a.sources.every((source, index) => source === b.sources[index]);
  if (!isSame || left.size !== right.size || !names.every(alike))
    throw new RangeError("sums over different sources, targets or designs cannot be compared");
  const pairs = new Uint8Array(a.pair.length);
  let first: Sameness["first"] = null;
  const parts = names.map((part): PartSameness => {
    const [x, y] = [left.get(part) as Words, right.get(part) as Words];
    let different = 0;
    for (let index = 0; index < x.length; index++) {
      if (x[index] === y[index]) continue;
      different++;
      mark(pairs, part, index, x.length, a.targets, a.sources.length);
      if (first === null || (part === "pair" && first.part !== "pair"))
        first = { part, index, a: x[index], b: y[index] };
    }
    return { part, words: x.length, different };
  });
  const total = (of: "words" | "different") => parts.reduce((sum, part) => sum + part[of], 0);
  return { words: total("words"), different: total("different"), parts, first, pairs };
}

/** Parts that have one word a source, and those that have one a target. */
const columns: readonly string[] = ["perturbed", "arms.off"];
const rows: readonly string[] = ["outcome", "outcomeSquared"];

/** Marks the pairs whose effects a word decides: a column, a row, one pair; of any other part, all. */
function mark(
  pairs: Uint8Array,
  part: string,
  index: number,
  words: number,
  targets: number,
  sources: number,
): void {
  if (rows.includes(part)) pairs.fill(1, index * sources, (index + 1) * sources);
  else if (columns.includes(part))
    for (let target = 0; target < targets; target++) pairs[target * sources + index] = 1;
  else if (words === pairs.length) pairs[index] = 1;
  else pairs.fill(1);
}

type Words = ArrayLike<number>;

/** What the sums are over: asked for, not computed. */
const asked: readonly string[] = ["targets", "sources"];

/** Every number and every array of numbers in the sums, by name. */
function partsOf(sums: object, prefix = ""): Map<string, Words> {
  const found = new Map<string, Words>();
  for (const [name, value] of Object.entries(sums) as [string, unknown][]) {
    const part = prefix + name;
    if (asked.includes(part)) continue;
    if (typeof value === "number") found.set(part, [value]);
    else if (ArrayBuffer.isView(value)) found.set(part, value as unknown as Words);
    else if (value !== null && typeof value === "object")
      for (const [inner, words] of partsOf(value, `${part}.`)) found.set(inner, words);
  }
  return found;
}
