// Words of a row that is made of whole blocks of 8, 256 trials.
fn whole_words() -> u32 {
  return (params.words + 7u) / 8u * 8u;
}
