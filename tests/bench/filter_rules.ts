/**
 * Fifty rules as people have them: names, endings, directories, anchored paths and patterns over several levels. None
 * matches anything in the trees that are measured, so each is asked about every entry.
 */
const ENDINGS = ["o", "a", "so", "obj", "pyc", "class", "log", "tmp", "bak", "orig", "rej", "swp", "map", "cache"];
const NAMES = ["core", "tags", "TAGS", ".DS_Store", "Thumbs.db", "desktop.ini", ".env", "npm-debug.log", ".make.state"];
const DIRECTORIES = ["node_modules", ".git", ".svn", ".hg", "__pycache__", ".venv", "target", ".cache", ".idea", "CVS"];
const ANCHORED = ["/build", "/dist/", "/coverage", "/tmp/*", "/var/log/***", "/docs/_build/"];
const DEEP = ["src/generated/*.ts", "vendor/*/tests", "**/fixtures/**/large", "a/**/z.bin"];
const GLOBS = ["*~", "#*#", "*.[oa]", "report-????-??.pdf", "[._]*.s[a-v][a-z]", "test-*-output", "*.min.*"];

/** The rules, in rsync's words. */
export const FILTER_RULES: readonly string[] = [
  ...ENDINGS.map((ending) => `- *.${ending}`),
  ...NAMES.map((name) => `- ${name}`),
  ...DIRECTORIES.map((name) => `- ${name}/`),
  ...[...ANCHORED, ...DEEP, ...GLOBS].map((pattern) => `- ${pattern}`),
];
