// Copy what others made and the pages serve into src/cicakg/web/static, and say what it is:
//
//     cd tools/assets && npm ci --ignore-scripts && npm run build
//
// Writes fonts/ (each file named by its content), fonts.css, manifest.json (SHA-256 of each file) and, in the project's root,
// THIRD-PARTY-NOTICES. All of it is committed: neither the wheel nor the tests need Node.js.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(HERE, "..", "..");
const STATIC = join(PROJECT, "src", "cicakg", "web", "static");

// Kazakh needs both Cyrillic subsets: ұ is in the first, ә ғ қ ң ө ү һ are in the second.
const FONTS = [
  { package: "@fontsource/noto-sans", family: "Noto Sans", subsets: ["latin", "latin-ext", "cyrillic", "cyrillic-ext"] },
  // Naskh letters are drawn smaller: enlarged, they stand beside Latin and Cyrillic ones as their equals.
  { package: "@fontsource/noto-naskh-arabic", family: "Noto Naskh Arabic", subsets: ["arabic"], enlarged: "115%" },
];
const WEIGHTS = [400, 700];

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const folderOf = (name) => join(HERE, "node_modules", ...name.split("/"));
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function copyFont(font, subset, weight) {
  const slug = font.package.split("/")[1];
  const data = readFileSync(join(folderOf(font.package), "files", `${slug}-${subset}-${weight}-normal.woff2`));
  const name = `fonts/${slug}-${subset}-${weight}.${sha256(data).slice(0, 12)}.woff2`;
  writeFileSync(join(STATIC, name), data);
  return { name, data };
}

function fontFace(font, subset, weight, name) {
  const size = font.enlarged ? ` size-adjust: ${font.enlarged};` : "";
  const range = readJson(join(folderOf(font.package), "unicode.json"))[subset];
  return `@font-face {
  font-family: "${font.family}"; font-style: normal; font-weight: ${weight}; font-display: swap;
  src: url("${name}") format("woff2");${size}
  unicode-range: ${range.replaceAll(",", ", ")};
}
`;
}

function described(font) {
  const about = readJson(join(folderOf(font.package), "package.json"));
  return { package: font.package, version: about.version, license: about.license };
}

function buildFonts() {
  rmSync(join(STATIC, "fonts"), { recursive: true, force: true });
  mkdirSync(join(STATIC, "fonts"), { recursive: true });
  const files = {};
  let css = "/* Written by tools/assets/build.mjs. */\n";
  for (const font of FONTS) {
    for (const subset of font.subsets) {
      for (const weight of WEIGHTS) {
        const { name, data } = copyFont(font, subset, weight);
        css += fontFace(font, subset, weight, name);
        files[name] = { ...described(font), bytes: data.length, sha256: sha256(data) };
      }
    }
  }
  writeFileSync(join(STATIC, "fonts.css"), css);
  files["fonts.css"] = { bytes: Buffer.byteLength(css), sha256: sha256(css) };
  return files;
}

function notices() {
  const parts = FONTS.map((font) => {
    const { package: name, version, license } = described(font);
    const text = readFileSync(join(folderOf(name), "LICENSE"), "utf8").trim();
    return `${"=".repeat(78)}\n${font.family}, from ${name} ${version} (${license})\n${"=".repeat(78)}\n\n${text}\n`;
  });
  return `Third-party notices\n\nThe pages of cicakg are served with these works of others, unchanged, in src/cicakg/web/static.\nWritten by tools/assets/build.mjs.\n\n${parts.join("\n")}`;
}

const files = buildFonts();
writeFileSync(join(STATIC, "manifest.json"), JSON.stringify(files, null, 1) + "\n");
writeFileSync(join(PROJECT, "THIRD-PARTY-NOTICES"), notices());
const total = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
console.log(`${Object.keys(files).length} files, ${total} bytes`);
