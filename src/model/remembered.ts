/**
 * Remembers what was made for a key, of `most` keys at most: then it forgets all of them, since those that come again
 * soon are soon known again.
 */
export function remembering<T>(most: number): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    let found = known.get(key);
    if (found === undefined) {
      if (known.size >= most) known.clear();
      found = make();
      known.set(key, found);
    }
    return found;
  };
}
