// 0xff in every byte whose bit is set, of the four lowest bits.
fn byte_mask(bits: u32) -> u32 {
  return (((bits & 15u) * 0x00204081u) & 0x01010101u) * 255u;
}
