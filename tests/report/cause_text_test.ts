import { causesText } from "../../lib/report/cause_text.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const none = { failed: 0, warned: 0, ignored: 0 };

describe("causesText()", () => {
  it("is empty when all went well", () => {
    assertEquals(causesText(0, {}), "");
  });

  it("names the causes, with counts when there are several", () => {
    const causes = {
      vanished: { ...none, warned: 1 },
      permission: { failed: 1200, warned: 0, ignored: 3 },
      io: { ...none, failed: 1, ignored: 2 },
    };
    assertEquals(
      causesText(1201, causes),
      "; 1,201 failed (permission 1,200, io 1); 1 warning (vanished); 5 ignored (permission 3, io 2)",
    );
    assertEquals(causesText(0, { vanished: { ...none, warned: 2 } }), "; 2 warnings (vanished)");
  });

  it("counts failures that have no cause", () => {
    assertEquals(causesText(1, {}), "; 1 failed");
  });
});
