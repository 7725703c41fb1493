// The peer of sort_versions.c: node-semver reads every line as a version and sorts them.
// node sort_versions.js PATH-OF-SEMVER FILE
const [semverPath, file] = process.argv.slice(2);
const semver = require(semverPath);
const lines = require("fs").readFileSync(file, "utf8").trimEnd().split("\n");
const began = process.hrtime.bigint();
const versions = lines.map((line) => new semver.SemVer(line));
versions.sort((a, b) => a.compare(b));
const ms = Number(process.hrtime.bigint() - began) / 1e6;
// Equal precedence may come in any order, so the order is told without build metadata.
const hash = require("crypto").createHash("sha256");
for (const v of versions) hash.update(v.version + "\n");
console.log(JSON.stringify({ ms, sorted: hash.digest("hex") }));
