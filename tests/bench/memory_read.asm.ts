// Reads memory and does as little as can be with it: what the kernels' speeds are held against.

/** Some bits of all bytes. */
export function read(at: usize, length: usize): i32 {
  let a = i64x2.splat(0), b = a, c = a, d = a;
  for (const end = at + length; at < end; at += 64) {
    a = v128.xor(a, v128.load(at));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(at, 32));
    d = v128.xor(d, v128.load(at, 48));
  }
  return i8x16.bitmask(v128.xor(v128.xor(a, b), v128.xor(c, d)));
}
