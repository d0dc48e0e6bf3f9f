import { parseMounts, placeOf } from "../../lib/os/mounts.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const TABLE = parseMounts(`
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:27 / /dev/shm rw shared:3 - tmpfs tmpfs rw
31 22 254:0 /home/x\\040y /mnt/b rw master:1 - ext4 /dev/vda rw
32 22 0:27 /deep /mnt/b rw - tmpfs tmpfs rw
33 22 254:0 /srv /mnt/bc rw - ext4 /dev/vda rw
`);

describe("placeOf()", () => {
  it("tells where on its file system a path leads", () => {
    assertEquals(placeOf("/", TABLE), { device: "254:0", path: "/" });
    assertEquals(placeOf("/home/a", TABLE), { device: "254:0", path: "/home/a" });
    assertEquals(placeOf("/dev/shm", TABLE), { device: "0:27", path: "/" });
    assertEquals(placeOf("/dev/shm/a", TABLE), { device: "0:27", path: "/a" });
    assertEquals(placeOf("/mnt/bc/d", TABLE), { device: "254:0", path: "/srv/d" });
  });

  it("takes the later of two mounts in one place", () => {
    assertEquals(placeOf("/mnt/b/c", TABLE), { device: "0:27", path: "/deep/c" });
  });

  it("reads escaped names, and knows nothing without a table", () => {
    assertEquals(placeOf("/mnt/b", TABLE.slice(0, 3)), { device: "254:0", path: "/home/x y" });
    assertEquals(placeOf("/a", []), undefined);
  });
});
