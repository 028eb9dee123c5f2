// What was served, as usage and as costs.
import { client, model, report } from './proof.mjs';

async function summed() {
  const made = await client.responses.create({ model, input: 'Say hello.', reasoning: { effort: 'none' } });
  const start_time = Math.floor(made.created_at / 86_400) * 86_400;
  const { usage } = client.admin.organization;
  const used = (await usage.completions({ start_time, group_by: ['model'] })).data[0].results[0];
  const spent = (await usage.costs({ start_time, group_by: ['line_item'] })).data[0].results;
  const dollars = spent.reduce((sum, result) => sum + result.amount.value, 0);
  const expected = (made.usage.input_tokens * 5 + made.usage.output_tokens * 30) / 1e6;
  return {
    model: used.model,
    tokens: used.output_tokens === made.usage.output_tokens,
    dollars: Math.abs(dollars - expected) < 1e-9,
    items: spent.map((result) => result.line_item),
  };
}

await report({ summed });
