"""What was served, as usage and as costs."""

import json

from openai.types.admin.organization.usage_completions_response import UsageCompletionsResponse
from openai.types.admin.organization.usage_costs_response import UsageCostsResponse
from proof import MODEL, checked, client


def summed():
    made = client.responses.create(model=MODEL, input="Say hello.", reasoning={"effort": "none"})
    start = made.created_at // 86_400 * 86_400
    organization = client.admin.organization.usage
    usage = organization.completions(start_time=int(start), group_by=["model"])
    costs = organization.costs(start_time=int(start), group_by=["line_item"])
    assert isinstance(usage, UsageCompletionsResponse) and isinstance(costs, UsageCostsResponse)
    used = checked(usage).data[0].results[0]
    spent = sum(result.amount.value for result in checked(costs).data[0].results)
    expected = (made.usage.input_tokens * 5 + made.usage.output_tokens * 30) / 1e6
    return {
        "model": used.model,
        "tokens": used.output_tokens == made.usage.output_tokens,
        "dollars": abs(spent - expected) < 1e-9,
        "items": [result.line_item for result in costs.data[0].results],
    }


print(json.dumps({"summed": summed()}))
