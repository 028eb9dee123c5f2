// The in-memory engine's purse: limits, forecasts and what going live means, by the engine's own rules.
import type {
  ArmLiveOutput,
  BudgetLimits,
  BudgetState,
  Calls,
  Connection,
  EngineError,
  ForecastRunOutput,
  KeyLabel,
  LevelForecast,
} from "./contract/ipc";

type BudgetCalls = Pick<Calls, "forecast_run" | "set_budget" | "arm_live">;

export interface BudgetTwinOptions {
  connection: () => Connection;
  /** The key that a live call would send. Throws where it can't be read. */
  findKey: () => KeyLabel | null;
  /** What live runs of a level came to so far; null where there are none. */
  figures: (effort: string | null) => { runs: number; cost: number; ms: number } | null;
  /** What the levels of a run may cost at worst. */
  worst: (effort: string | null) => number;
}

export function budgetTwin(options: BudgetTwinOptions): {
  [N in keyof BudgetCalls]: (input: Calls[N]["input"]) => Calls[N]["output"];
} {
  let limits: BudgetLimits = { perRun: null, perSession: null, perDay: null };

  const budget = (): BudgetState => ({
    limits,
    spentSession: 0,
    spentToday: 0,
    reserved: 0,
    problem: null,
  });

  function level(effort: string | null): LevelForecast {
    const known = options.figures(effort);
    return {
      effort,
      runs: known?.runs ?? 0,
      cost: known?.cost ?? null,
      highCost: known ? Math.round(known.cost * 1.3) : null,
      ms: known?.ms ?? null,
      highMs: known ? known.ms * 1.3 : null,
      worstCost: options.worst(effort),
    };
  }

  function forecast(efforts: (string | null)[], repeats: number): ForecastRunOutput {
    const levels = efforts.map(level);
    const sum = (of: (level: LevelForecast) => number | null): number | null =>
      levels.some((it) => of(it) === null)
        ? null
        : levels.reduce((all, it) => all + (of(it) ?? 0) * repeats, 0);
    const worstCost = sum((it) => it.worstCost);
    const least = [limits.perDay, limits.perSession].filter((it) => it !== null);
    const over = worstCost !== null && least.some((it) => worstCost > it);
    return {
      levels,
      calls: levels.length * repeats,
      cost: sum((it) => it.cost),
      highCost: sum((it) => it.highCost),
      worstCost,
      budget: budget(),
      refusal: over
        ? {
            code: "budget_exceeded",
            message: "This may cost more than the limit leaves.",
            hint: "Run fewer levels or repeats, lower max_output_tokens, or raise the limit.",
            place: "budget",
            retryAfterMs: null,
            requestId: null,
            httpStatus: null,
            detail: null,
          }
        : null,
    };
  }

  const effortOf = (body: Record<string, unknown>): string | null => {
    const reasoning = body["reasoning"] as { effort?: string } | undefined;
    return reasoning?.effort ?? null;
  };

  return {
    forecast_run: ({ request, efforts, repeats }) =>
      forecast(efforts.length > 0 ? efforts : [effortOf(request.body)], repeats),
    set_budget: (input) => {
      if (input.limits) limits = input.limits;
      return { budget: budget() };
    },
    arm_live: ({ request, efforts, repeats }): ArmLiveOutput => {
      const connection = options.connection();
      let key: KeyLabel | null = null;
      let keyProblem: EngineError | null = null;
      try {
        key = options.findKey();
      } catch (problem) {
        keyProblem = problem as EngineError;
      }
      const text = request.body["text"] as { format?: { schema?: unknown } } | undefined;
      return {
        baseUrl: connection.liveBaseUrl,
        key,
        keyProblem,
        environment: connection.environment,
        forecast: forecast(efforts.length > 0 ? efforts : [effortOf(request.body)], repeats),
        hasSchema: text?.format?.schema !== undefined,
        schemaProblem: null,
        recordings: [],
      };
    },
  };
}
