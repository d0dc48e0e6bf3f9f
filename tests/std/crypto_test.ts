import { crypto, DIGEST_ALGORITHM_NAMES, type DigestAlgorithmName, timingSafeEqual } from "@std/crypto";
import { assertEquals, assertRejects, describe, it } from "../support/test_api.ts";

/** Digests of "abc". SHA: FIPS 180-4 and 202; MD5: RFC 1321; BLAKE2: RFC 7693; BLAKE3: its test vectors' `b3sum`. */
const ABC: Readonly<Partial<Record<DigestAlgorithmName, string>>> = {
  "BLAKE2B-256": "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
  "BLAKE2B":
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
  "BLAKE2S": "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
  "BLAKE3": "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
  "MD5": "900150983cd24fb0d6963f7d28e17f72",
  "SHA-1": "a9993e364706816aba3e25717850c26c9cd0d89d",
  "SHA-224": "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
  "SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "SHA3-224": "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
  "SHA3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
};

/** Length of each digest in bytes. */
const LENGTHS: Readonly<Record<DigestAlgorithmName, number>> = {
  "BLAKE2B-256": 32,
  "BLAKE2B": 64,
  "BLAKE2S": 32,
  "BLAKE3": 32,
  "MD5": 16,
  "SHA-1": 20,
  "SHA-224": 28,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
  "SHA3-224": 28,
  "SHA3-256": 32,
  "SHA3-384": 48,
  "SHA3-512": 64,
};

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

describe("crypto.subtle.digest()", () => {
  for (const name of DIGEST_ALGORITHM_NAMES) {
    it(`computes ${name}, in chunks too`, async () => {
      const whole = await crypto.subtle.digest(name, text("abc"));
      const expected = ABC[name];
      if (expected !== undefined) assertEquals(new Uint8Array(whole).toHex(), expected);
      assertEquals(whole.byteLength, LENGTHS[name]);
      const chunks = [text("a"), new DataView(text("xbx").buffer, 1, 1), text("c").buffer];
      assertEquals(await crypto.subtle.digest(name, chunks), whole);
      assertEquals(await crypto.subtle.digest(name, ReadableStream.from(chunks)), whole);
    });
  }

  it("digests nothing", async () => {
    const empty = new Uint8Array(await crypto.subtle.digest("SHA-256", []));
    assertEquals(empty.toHex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("refuses an unknown algorithm and chunks that are no bytes", async () => {
    const unknown = "toString" as DigestAlgorithmName;
    await assertRejects(() => crypto.subtle.digest(unknown, text("")), TypeError, "must be one of");
    const chunks = ["abc"] as unknown as BufferSource[];
    await assertRejects(() => crypto.subtle.digest("SHA-1", chunks), TypeError, "must be an ArrayBuffer");
  });
});

describe("timingSafeEqual()", () => {
  it("compares bytes and lengths", () => {
    assertEquals(timingSafeEqual(text("abc"), text("abc").buffer), true);
    assertEquals(timingSafeEqual(text("abc"), text("abd")), false);
    assertEquals(timingSafeEqual(text("abc"), text("ab")), false);
  });
});
