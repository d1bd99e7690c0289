// Validates the SARIF log on standard input: prints the faults as JSON, an empty list where there is none.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const Ajv = load("ajv");
const schema = load("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

const ajv = new Ajv({ schemaId: "id", allErrors: true, meta: false, format: "full" });
ajv.addMetaSchema(load("ajv/lib/refs/json-schema-draft-04.json"));
const isValid = ajv.validate(schema, JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(isValid ? [] : ajv.errors));
