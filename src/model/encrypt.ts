import type { Params } from "./params";
import { threefry2x32 } from "./threefry";

/**
 * encrypt: Threefry alone, for its known answers.
 *
 * Shapes   counter, key, random u32 [draws × 2]; params.sources holds the number of draws.
 * Twin     shaders/encrypt.wgsl
 */
export function encrypt(params: Params, counter: Uint32Array, key: Uint32Array, random: Uint32Array): void {
  for (let draw = 0; draw < params.sources; draw++)
    random.set(
      threefry2x32(counter[2 * draw], counter[2 * draw + 1], [key[2 * draw], key[2 * draw + 1]]),
      2 * draw,
    );
}
