/** What went wrong in the programmer's head. */
export type Kind =
  | "index"
  | "off by one"
  | "dropped"
  | "reused counter"
  | "copy and paste"
  | "carry"
  | "rounding"
  | "formula"
  | "condition"
  | "order";

/**
 * A seeded bug: one edit that a tired programmer could have made.
 *
 * what     in words
 * find     text of the file, which occurs there once; with `at`, the so manieth time from 1.
 * tests    what is asked first, in place of the room's tests
 * lives    why no test can tell it from the right program, where that is so
 */
export interface Bug {
  readonly what: string;
  readonly kind: Kind;
  readonly find: string;
  readonly replace: string;
  readonly at?: number;
  readonly tests?: readonly string[];
  readonly lives?: string;
}

/** The bugs of a file, and the test files, as in test/, that ought to find them. */
export interface Seeded {
  readonly file: string;
  readonly tests: readonly string[];
  readonly bugs: readonly Bug[];
}

export const bug = (
  kind: Kind,
  what: string,
  find: string,
  replace: string,
  more: Pick<Bug, "at" | "tests" | "lives"> = {},
): Bug => ({ kind, what, find, replace, ...more });

/** Where in a file the text lies that a bug replaces; −1 if not exactly there. */
export function placeOf(text: string, { find, at }: Bug): number {
  const places: number[] = [];
  for (let place = text.indexOf(find); place >= 0; place = text.indexOf(find, place + 1)) places.push(place);
  if (at === undefined) return places.length === 1 ? places[0] : -1;
  return places[at - 1] ?? -1;
}
