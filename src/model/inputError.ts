/**
 * What a person gave cannot be used. The message is one sentence for that person, on one line:
 * which field, which value, what is allowed. The runner ends with exit code 2 on it;
 * the page shows it and keeps its last good state.
 */
export class InputError extends RangeError {
  override readonly name = "InputError";

  constructor(message: string) {
    super(oneLine(message));
  }
}

/** What ends a line or turns the direction of the text after it: names out of files and links may hold it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A text on one line that a name within it cannot turn around. */
export const oneLine = (text: string): string => text.replace(unprintable, "\ufffd");

/** Characters of a value that a sentence shows at most. */
const mostShown = 100;

/**
 * A value as it was given, in a sentence: texts in quotes, on one line, and cut where they would fill the screen. Lists
 * and objects are only named: JSON can be read deeper than it can be written.
 */
export function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  // Of a text of megabytes the beginning is enough; a character that is cut in two shows as such.
  const text = oneLine(
    JSON.stringify(typeof value === "string" ? value.slice(0, 2 * mostShown) : value) ?? String(value),
  );
  const length = typeof value === "string" ? value.length + 2 : text.length;
  if (length <= 1.2 * mostShown && text.length <= 1.2 * mostShown) return text;
  return `${text.slice(0, mostShown)}… (${length.toLocaleString("en")} characters)`;
}
