/** Names that try to be more than names, for the tests of every format. */

/** Each is a path of one name. */
export const HOSTILE_NAMES: readonly string[] = [
  "line\nend",
  "carriage\rreturn",
  "a\n::error title=x::owned",
  "::warning::owned",
  "##[error]owned",
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "<img src=x onerror=alert(1)>",
  "]]><x>&amp;",
  "%0A::error::owned",
  "a | b",
  "`code` **bold** [link](https:example.invalid) @someone #1",
  "www.example.invalid",
  "\"quotes' and \\ backslashes",
  "bidi\u202egnp.exe",
  "separators\u2028\u2029",
  "lone\udcff\udc80",
  "\x1b[31mred\x1b[0m\x07",
  "nul-like\x01\x7f\x9b",
  "\ufffe\uffff",
  "undrift_0123456789abcdef",
  "__proto__",
  "𝒳 é 日本",
];
