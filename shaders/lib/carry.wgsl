// A u32 counts up to 4.29 billion; adding is followed by a look whether it wrapped,
// and then a second word counts on.

fn wraps(before: u32, value: u32) -> bool {
  return before + value < before;
}
