import type { Sums } from "./sums";

const most = 255;

/**
 * The first number in these sums that no trials can add up to, in words; null if all can be. A source is set to 1 in some
 * of the trials, an outcome is 0…255, its square is between it and 255 times it, and what is added up over some of the
 * trials leaves no more than that for the others.
 */
export function impossible(sums: Sums): string | null {
  const { trials, targets, sources, perturbed, outcome, outcomeSquared, pair, arms } = sums;
  const off = (column: number) => (arms ? arms.off[column] : trials - perturbed[column]);
  for (let column = 0; column < sources.length; column++) {
    const where = { source: sources[column] };
    const found =
      wrong("the number of trials on", where, perturbed[column], 0, trials) ??
      wrong("the number of trials off", where, off(column), 0, trials - perturbed[column]);
    if (found) return found;
  }
  for (let target = 0; target < targets; target++) {
    const found =
      wrong("the outcome", { target }, outcome[target], 0, most * trials) ??
      wrong(
        "the squared outcome",
        { target },
        outcomeSquared[target],
        outcome[target],
        most * outcome[target],
      );
    if (found) return found;
    for (let column = 0; column < sources.length; column++) {
      const at = target * sources.length + column;
      const where = { source: sources[column], target };
      const on = pair[at];
      // Without arms of their own, the trials off are all others.
      const rest = arms ? arms.pairOff[at] : outcome[target] - on;
      const found =
        wrong("the outcome on", where, on, 0, Math.min(outcome[target], most * perturbed[column])) ??
        wrong("the outcome off", where, rest, 0, Math.min(outcome[target] - on, most * off(column)));
      if (found) return found;
      if (!arms) continue;
      const [squaredOn, squaredOff] = [arms.squaredOn[at], arms.squaredOff[at]];
      const ofArms = arms.paired
        ? (wrong("the squared difference", where, squaredOn, 0, most ** 2 * perturbed[column]) ??
          wrong("the squared outcome off", where, squaredOff, 0, 0))
        : (wrong("the squared outcome on", where, squaredOn, on, most * on) ??
          wrong("the squared outcome off", where, squaredOff, rest, most * rest));
      if (ofArms) return ofArms;
    }
  }
  return null;
}

/** Which numbers they are. */
interface Where {
  readonly source?: number;
  readonly target?: number;
}

function wrong(what: string, where: Where, value: number, least: number, highest: number): string | null {
  if (value >= least && value <= highest) return null;
  const of = Object.entries(where).map(([kind, number]) => `${kind} ${number}`);
  return `${what} of ${of.join(" and ")} is ${value}; allowed: ${least} to ${highest}`;
}
