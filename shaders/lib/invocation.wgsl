// Number of this invocation, counted over a grid that may be folded into rows
// because one dimension holds 65,535 workgroups at most.
fn invocation(group: vec3u, groups: vec3u, local: u32, size: u32) -> u32 {
  return (group.y * groups.x + group.x) * size + local;
}
