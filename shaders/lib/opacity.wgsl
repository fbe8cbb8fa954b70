// How visible a claim of this certainty is; see opacity in src/view/colours.ts.
fn opacity(certainty: f32) -> f32 {
  return 1.0 - 0.96 * exp(-(certainty / 2.6) * (certainty / 2.6));
}
