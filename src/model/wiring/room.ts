import { InputError } from "../inputError";

/** An arrow takes 8 bytes as source and weight; more of them than this would fill 2 GiB. */
export const mostArrows = 2 ** 28;

/** How much of a wiring is drawn, 0…1. */
export type Tell = (share: number) => void;

/** Tells every hundredth or so. */
export function tellEvery(neurons: number, tell: Tell | undefined): (target: number) => void {
  const stride = Math.ceil(neurons / 128);
  return (target) => {
    if (tell && target % stride === 0) tell(target / neurons);
  };
}

/**
 * Arrows if every target has as many inputs.
 *
 * Errors   InputError if there are more inputs than sources to choose from, or more arrows than fit.
 */
export function evenArrows(neurons: number, inDegree: number, sources: number): number {
  const many = neurons.toLocaleString("en");
  if (inDegree > sources)
    throw new InputError(
      `in-degree is ${inDegree.toLocaleString("en")}; allowed for ${many} neurons of this network: up to ${sources.toLocaleString("en")}`,
    );
  if (neurons * inDegree > mostArrows)
    throw new InputError(
      `in-degree is ${inDegree.toLocaleString("en")}, ${(neurons * inDegree).toLocaleString("en")} arrows; ` +
        `allowed for ${many} neurons: up to ${Math.floor(mostArrows / neurons).toLocaleString("en")}`,
    );
  return neurons * inDegree;
}

/**
 * Where each row begins then.
 *
 * Errors   see evenArrows.
 */
export function evenRows(neurons: number, inDegree: number, sources: number): Uint32Array {
  evenArrows(neurons, inDegree, sources);
  const rowStart = new Uint32Array(neurons + 1);
  for (let target = 0; target < neurons; target++) rowStart[target + 1] = rowStart[target] + inDegree;
  return rowStart;
}
