import type { ViewOptions } from "../ui/state";
import { count, duration, memory, roughly } from "../ui/words";
import type { Preparation } from "./desk";
import { forceBytes } from "./forecast";
import type { Progress } from "./session";

/** "31,000 trials/s"; before there are any, how long those before this run lead to expect: "about 2 min in all". */
export function speedText({ state, speed, paced, expectedSeconds }: Progress): string {
  if (state === "running" && paced) return "slowed, to be seen";
  if (Number.isFinite(speed)) return `${roughly(speed)} trials/s`;
  return expectedSeconds >= 1 ? `about ${duration(expectedSeconds)} in all` : "–";
}

/** What getting ready consists of, as it is said while it goes on. */
const preparations = {
  reading: ({ experiment }) => `reading ${experiment.file}`,
  wiring: ({ forecast }: Progress) => `making ${count(forecast?.arrows ?? 0)} arrows`,
  scale: () => "scaling the weights",
  effects: () => "exact effects",
  expectations: () => "what to expect",
} as const satisfies Record<Preparation["work"], (progress: Progress) => string>;

/** "making 2,000,000 arrows · 40 % · 3 s left" */
function preparingText(progress: Progress): string {
  const { preparation } = progress;
  if (!preparation) return "getting ready …";
  const { work, share, since } = preparation;
  const elapsed = (performance.now() - since) / 1000;
  const left = share ? (elapsed * (1 - share)) / share : 0;
  return [
    preparations[work](progress),
    share === null ? "…" : `${Math.floor(100 * share)} %`,
    left > 2 ? `${duration(left)} left` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** "up to 440 MiB": what a run will hold, or holds, with the layout if that is found by forces. */
export const memoryText = ({ forecast }: Progress, layout: ViewOptions["layout"]): string =>
  forecast ? `up to ${memory(forecast.bytes + (layout === "force" ? forceBytes(forecast) : 0))}` : "…";

/** The same in full: "64 × 100,000 pairs, 2,000,000 arrows". */
export const sizeText = ({ forecast }: Progress): string =>
  forecast
    ? `${count(forecast.sources)} × ${count(forecast.targets)} pairs, ${count(forecast.arrows)} arrows: what this run holds at most, all threads together`
    : "";

/** What the session is doing, in a line. */
export function statusText(progress: Progress): string {
  const { state, trials, experiment, speed, paced } = progress;
  const unit = experiment.trials === 1 ? "trial" : "trials";
  const of = `${count(trials)} of ${count(experiment.trials)} ${unit}`;
  if (state === "running") {
    const left = (experiment.trials - trials) / speed;
    return `running · ${of}${left > 2 && !paced ? ` · ${duration(left)} left` : ""}`;
  }
  if (state === "paused") return `paused · ${of}`;
  if (state === "cancelled") return `cancelled · ${of}`;
  if (state === "done") return `done · ${count(trials)} ${unit}`;
  if (state === "failed") return `stopped · ${of}`;
  return preparingText(progress);
}
