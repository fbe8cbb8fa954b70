// What every kernel is told about its piece of work, name by name as in src/model/params.ts. They are the module's
// exported globals: the host sets them by name, and so no layout is written down twice.
//
// Trials live on a grid of words that starts at trialBase; here a row of words is a multiple of four of them, 128
// trials, and what lies outside of trialFrom … trialTo − 1 is 0.

export let key0: u32 = 0;
export let key1: u32 = 0;
export let neurons: u32 = 0;
export let sources: u32 = 0;
/** This share's own targets. */
export let targetFrom: u32 = 0;
export let targets: u32 = 0;
export let trialBase: u32 = 0;
export let trialFrom: u32 = 0;
export let trialTo: u32 = 0;
export let words: u32 = 0;
export let noiseUse: u32 = 0;
export let fromRest: u32 = 0;
export let pairs: u32 = 0;
export let privatePart: u32 = 0;
export let commonPart: u32 = 0;
export let design: u32 = 0;
export let probability: u32 = 0;
export let share: u32 = 0;
export let turns: u32 = 0;

/** The trials of one word that count: bit t is set if trial `first + t` lies in the chunk. */
export function trialMask(first: u32): u32 {
  const from = <u32>max<i64>(<i64>trialFrom - <i64>first, 0);
  const to = <u32>max<i64>(min<i64>(<i64>trialTo - <i64>first, 32), 0);
  if (from >= 32 || to <= from) return 0;
  const below: u32 = to == 32 ? 0xffffffff : (1 << to) - 1;
  return below & ~((1 << from) - 1);
}
