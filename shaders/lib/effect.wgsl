// A pair's difference in means and its standard error from the sums, in f32: for colours
// alone. Numbers that people read are float64's, from src/model/estimate.ts.

// A whole number of two words: low, high.
fn wide(words: vec2u) -> f32 {
  return f32(words.y) * 4294967296.0 + f32(words.x);
}

fn less(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

struct Effect {
  // Outcome (0…1) per perturbation.
  effect: f32,
  error: f32,
  // |effect| in standard errors of a known size; −1: the pair is missing, an arm is empty.
  certainty: f32,
}

// How many standard errors of a known size are as surprising as this ratio; see certaintyOf.
fn certainty_of(ratio: f32, freedom: f32) -> f32 {
  if (freedom < 1.0) {
    return 0.0;
  }
  let bend = (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0);
  let part = ratio * ratio / freedom;
  // log(1 + x) without losing a small x.
  let log1p = select(log(1.0 + part), part - 0.5 * part * part, part < 1e-3);
  return bend * sqrt(freedom * log1p);
}

// on: trials with the source at 1; pair: Σ p·o; outcome, squares: the target's Σo and Σo².
fn effect_of(trials: u32, on: u32, pair: vec2u, outcome: vec2u, squares: vec2u) -> Effect {
  let off = trials - on;
  if (on == 0u || off == 0u) {
    return Effect(0.0, 0.0, -1.0);
  }
  let arms = vec2f(f32(on), f32(off));
  let effect = (wide(pair) / arms.x - wide(less(outcome, pair)) / arms.y) / 255.0;
  let count = f32(trials);
  let freedom = max(0.0, count - 2.0);
  let inverse = 1.0 / arms.x + 1.0 / arms.y;
  let mean = wide(outcome) / count / 255.0;
  let whole = wide(squares) / count / 65025.0 - mean * mean;
  let within = max(0.0, whole - effect * effect / inverse / count);
  let error = sqrt(within * count / max(1.0, freedom) * inverse);
  if (effect == 0.0) {
    return Effect(0.0, error, 0.0);
  }
  return Effect(effect, error, certainty_of(min(abs(effect) / max(error, 1e-12), 1e6), freedom));
}
