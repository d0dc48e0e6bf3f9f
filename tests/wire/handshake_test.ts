import fc from "fast-check";
import { CHECKSUM_ORDER, choose, COMPRESSION_ORDER } from "../../lib/wire/choice.ts";
import { COMPAT } from "../../lib/wire/dialect.ts";
import { Handshake, type HandshakeOffer } from "../../lib/wire/handshake.ts";
import { assert, assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { breachOf, hex } from "./wire.ts";

const CLIENT: HandshakeOffer = {
  role: "client",
  version: 32,
  checksums: ["xxh128", "md5"],
  compressions: [],
  offersIncremental: true,
};
const SERVER: HandshakeOffer = { ...CLIENT, role: "server", compat: () => COMPAT.variableFlags, seed: 7 };

/** Lets two sides talk, in pieces of a size. */
function talk(client: Handshake, server: Handshake, piece: number): void {
  let toServer = client.greeting();
  let toClient = server.greeting();
  while (toServer.length + toClient.length > 0) {
    const [nextToServer, nextToClient] = [toServer.subarray(0, piece), toClient.subarray(0, piece)];
    toServer = toServer.slice(piece);
    toClient = toClient.slice(piece);
    const answer = client.push(nextToClient);
    const reply = server.push(nextToServer);
    toServer = Uint8Array.of(...toServer, ...answer);
    toClient = Uint8Array.of(...toClient, ...reply);
  }
}

describe("Handshake", () => {
  it("comes to the same on both sides, whatever they offer", () => {
    const version = fc.constantFrom(30 as const, 31 as const, 32 as const);
    const offer = fc.record({
      version,
      checksums: fc.subarray([...CHECKSUM_ORDER.slice(0, 6)], { minLength: 3 }),
      compressions: fc.constant([]),
    });
    const compat = fc.constantFrom(0x1ff, 0x1fe, 0x5f, 0);
    fc.assert(
      fc.property(
        offer,
        offer,
        compat,
        fc.integer(),
        fc.integer({ min: 1, max: 9 }),
        (ours, theirs, bits, seed, piece) => {
          const isCommon = ours.checksums.some((name) => theirs.checksums.includes(name)) || (bits & 0x80) === 0;
          const client = new Handshake({ ...ours, role: "client", offersIncremental: true });
          const server = new Handshake({ ...theirs, role: "server", compat: () => bits, seed });
          if (!isCommon) {
            return void breachOf(() => talk(client, server, piece));
          }
          talk(client, server, piece);
          assert(client.agreed !== undefined && server.agreed !== undefined);
          assertEquals({ ...client.agreed, serverChecksums: [] }, { ...server.agreed, serverChecksums: [] });
          assertEquals(client.agreed.version, Math.min(ours.version, theirs.version));
          assertEquals([client.agreed.seed, client.agreed.compat], [seed, bits]);
        },
      ),
    );
  });

  it("leaves what comes behind it", () => {
    const client = new Handshake({ ...CLIENT, chosenChecksum: ["md5", "md5"] });
    client.push(hex("20000000 8080 01020304 aabb"));
    assertEquals(client.agreed?.seed, 0x04030201);
    assertEquals(client.rest(), hex("aabb"));
  });

  it("takes zlib where compression cannot be negotiated", () => {
    const client = new Handshake({ ...CLIENT, compressions: ["zstd"] });
    client.push(hex("1e000000 00 00000000"));
    assertEquals([client.agreed?.compression, client.agreed?.checksum], ["zlib", "md5"]);
  });

  it("says what it is when a login script prints something", () => {
    const error = breachOf(() => new Handshake(CLIENT).push(new TextEncoder().encode("Welcome!\n")));
    assertStringIncludes(error.message, 'at byte 0 expected a protocol version, got the text "Welc"');
    assertStringIncludes(error.hint ?? "", "login scripts");
  });

  it("refuses versions that nobody speaks, or that are too old", () => {
    for (const bytes of ["13000000", "29000000", "ffffffff"]) breachOf(() => new Handshake(CLIENT).push(hex(bytes)));
    const error = breachOf(() => new Handshake(CLIENT).push(hex("1d000000")));
    assertStringIncludes(error.message, "speaks protocol 29");
  });

  it("refuses what was not offered", () => {
    const incremental = hex("20000000 8181");
    new Handshake(CLIENT).push(incremental);
    breachOf(() => new Handshake({ ...CLIENT, offersIncremental: false }).push(incremental));
    breachOf(() => new Handshake(CLIENT).push(hex("20000000 8600")));
  });

  it("refuses lists of algorithms that are too long, no text, or without a common name", () => {
    const afterVersion = new Handshake(SERVER);
    breachOf(() => afterVersion.push(hex("20000000 8100")));
    breachOf(() => new Handshake(SERVER).push(hex("20000000 0207ff")));
    const error = breachOf(() => new Handshake(SERVER).push(hex("20000000 0378787a")));
    assertStringIncludes(
      error.message,
      "Cannot agree upon a checksum: the client knows xxz, the server knows xxh128, md5",
    );
  });
});

describe("choose()", () => {
  it("takes the first name of the client that the server has", () => {
    assertEquals(choose("compression", ["zstd", "zlib"], ["zlib", "zstd"], COMPRESSION_ORDER), "zstd");
    assertEquals(choose("compression", ["new", "zlib"], ["zlib"], COMPRESSION_ORDER), "zlib");
  });
});
