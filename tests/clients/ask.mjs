// Asks one endpoint one SELECT query with Comunica and prints the solutions as JSON.
// Usage: node ask.mjs ENDPOINT QUERY [sparql]   (without "sparql", Comunica finds out by itself what the address is)
import { QueryEngine } from '@comunica/query-sparql';

const [endpoint, query, type] = process.argv.slice(2);
const source = type ? { type, value: endpoint } : endpoint;
const stream = await new QueryEngine().queryBindings(query, { sources: [source] });
const solutions = [];
for await (const binding of stream) {
  const row = {};
  for (const [variable, term] of binding) row[variable.value] = term.value;
  solutions.push(row);
}
console.log(JSON.stringify(solutions));
