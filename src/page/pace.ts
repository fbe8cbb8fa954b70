/** Seconds that the first trials of a small network are spread over. */
const seconds = 5;

/** Above this a network takes its own time, and nobody slows it. */
const mostNeurons = 50;

/**
 * So that a person sees arrows condense where a machine needs a blink: how many trials may be
 * done after so many seconds of running. They grow geometrically: 1, 2, 4, 8 … until the
 * first `seconds` are over; from then on there is no limit.
 */
export function paceLimit(neurons: number, trials: number, elapsed: number): number {
  if (neurons > mostNeurons || elapsed >= seconds) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(Math.min(trials, 25_000) ** (elapsed / seconds)));
}

/** The moment of the pace at which so many trials are done: where a paused run goes on. */
export function paceMoment(trials: number, done: number): number {
  const limit = Math.min(trials, 25_000);
  return limit <= 1 ? seconds : Math.min(seconds, (seconds * Math.log(Math.max(1, done))) / Math.log(limit));
}
