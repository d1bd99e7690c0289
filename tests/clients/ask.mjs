// Asks one endpoint one query with Comunica and prints the result as JSON: rows, true or false, or triples.
// Usage: node ask.mjs ENDPOINT QUERY [sparql]   (without "sparql", Comunica finds out by itself what the address is)
import { QueryEngine } from '@comunica/query-sparql';

const [endpoint, query, type] = process.argv.slice(2);
const source = type ? { type, value: endpoint } : endpoint;
const result = await new QueryEngine().query(query, { sources: [source] });
const found = await result.execute();
if (result.resultType === 'boolean') {
  console.log(JSON.stringify(found));
} else {
  const rows = [];
  for await (const one of found) {
    if (result.resultType === 'quads') {
      rows.push([one.subject.value, one.predicate.value, one.object.value]);
    } else {
      const row = {};
      for (const [variable, term] of one) row[variable.value] = term.value;
      rows.push(row);
    }
  }
  console.log(JSON.stringify(rows));
}
