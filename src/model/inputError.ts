/**
 * What a person gave cannot be used. The message is one sentence for that person:
 * which field, which value, what is allowed. The runner ends with exit code 2 on it;
 * the page shows it and keeps its last good state.
 */
export class InputError extends RangeError {
  override readonly name = "InputError";
}
