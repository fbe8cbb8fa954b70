import { InputError, shown } from "../model/inputError";
import { count } from "./words";

/**
 * What a search asks for, as a link's `select` says it: "5" a neuron, "5-1" the pair from 5 to 1.
 *
 * A name counts before a number, since the names of a file may be numbers of their own. Between two neurons there may be
 * an arrow, a hyphen or spaces.
 *
 * names    which neuron is called so, or -1; null where numbers are all they have.
 * Errors   InputError with what was asked for and what is allowed.
 */
export function selectionFor(
  text: string,
  neurons: number,
  names: { indexOf(name: string): number } | null,
): string {
  const asked = text.trim();
  const find = (word: string): number => {
    const named = names?.indexOf(word) ?? -1;
    if (named >= 0) return named;
    return /^\d{1,7}$/.test(word) && Number(word) < neurons ? Number(word) : -1;
  };
  const whole = find(asked);
  if (whole >= 0) return String(whole);
  // An arrow says where a name ends that has hyphens and spaces of its own.
  const words = asked.split(/→|->/.test(asked) ? /\s*(?:→|->)\s*/ : /[-\s]+/);
  // Of a pasted page no word is looked for.
  const ends = words.length === 2 ? words.map(find) : [];
  if (ends.length === 2 && ends.every((end) => end >= 0)) return ends.join("-");
  throw new InputError(
    `There is no neuron ${shown(asked)}; allowed: ${names ? "a name, or " : ""}a number from 0 to ${count(neurons - 1)}, or two of them for an arrow, as 5-1.`,
  );
}
