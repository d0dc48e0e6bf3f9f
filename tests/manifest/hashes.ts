/** Hashes of every kind, and what they must say of some texts. */
import { createIncrementalHash } from "@std/crypto";
import { ALGORITHM_NAMES, type FileHash, type HashAlgorithm } from "../../lib/manifest/algorithm.ts";

/** Checksums of "abc": FIPS 180-4, RFC 1321, RFC 7693, and what `b3sum` and `xxh128sum` print. */
export const OF_ABC: Readonly<Record<HashAlgorithm, string>> = {
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
  md5: "900150983cd24fb0d6963f7d28e17f72",
  blake2b: "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1" +
    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
  blake3: "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
  xxh128: "06b05ab6733a618578af5f94892f3950",
};

/** One hash of each kind. */
export const HASHES: ReadonlyMap<HashAlgorithm, FileHash> = new Map(
  await Promise.all(ALGORITHM_NAMES.map(async (name) => [name, await createIncrementalHash(name)] as const)),
);

/** The hash of one kind. */
export function hashOf(name: HashAlgorithm): FileHash {
  return HASHES.get(name)!;
}
