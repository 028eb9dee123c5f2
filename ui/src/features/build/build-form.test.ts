// The form of the catalogue in the window: locks, what is sent, and the list of problems.
import { configure, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { useHost, type Host } from "../../host";
import { memoryHost } from "../../host.memory";

// A busy machine draws the window slowly; what is awaited is a state, not a time.
configure({ asyncUtilTimeout: 10_000 });

async function open(change: (host: Host) => void = () => {}): Promise<void> {
  const host = memoryHost({ speed: Infinity, figures: false });
  change(host);
  useHost(host);
  render(App);
  await screen.findByRole("region", { name: "Request" });
}

async function setTemperature(text: string): Promise<HTMLElement> {
  await fireEvent.click(screen.getByTestId("all-parameters"));
  const field = await screen.findByRole("textbox", { name: "Temperature" });
  await fireEvent.change(field, { target: { value: text } });
  return field;
}

describe("the form", () => {
  it("locks what the effort rules out, keeps its value and leaves it out of the send", async () => {
    const sent = vi.fn();
    await open((host) => {
      const { stream } = host;
      host.stream = (name, input, onItem) => {
        if (name === "send") sent((input as { request: { body: unknown } }).request.body);
        return stream(name, input, onItem);
      };
    });
    await setTemperature("0.7");
    await waitFor(() =>
      expect(
        screen.getByRole("textbox", { name: "Temperature" }).getAttribute("aria-disabled"),
      ).toBe("true"),
    );
    expect(screen.getByText(/Your 0\.7 is kept/)).toBeTruthy();
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(sent).toHaveBeenCalled());
    expect(sent.mock.calls[0]![0]).not.toHaveProperty("temperature");
    expect(sent.mock.calls[0]![0]).toHaveProperty("model");

    await fireEvent.click(screen.getByTestId("effort-none"));
    await waitFor(() =>
      expect(
        screen.getByRole("textbox", { name: "Temperature" }).getAttribute("aria-disabled"),
      ).toBeNull(),
    );
    expect((screen.getByRole("textbox", { name: "Temperature" }) as HTMLInputElement).value).toBe(
      "0.7",
    );
  });

  it("says what a number may be, and sends nothing for a wrong one", async () => {
    await open();
    await setTemperature("9");
    expect(await screen.findByText("Use a number from 0 to 2.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Reset Temperature" })).toBeNull();
  });

  it("lists what the engine finds, and fixes it by one press", async () => {
    let fixed = false;
    await open((host) => {
      const { call } = host;
      host.call = (async (name: string, input: never) => {
        if ((name === "lint_request" || name === "look_over_request") && !fixed) {
          return {
            ...(await call(name as "look_over_request", input)),
            findings: [
              {
                code: "deprecated",
                severity: "warning",
                pointer: "/user",
                message: "user is deprecated.",
                reason: "safety_identifier took its place.",
                fix: { label: "Use safety_identifier", endpoint: null, edits: [], safe: true },
              },
            ],
          };
        }
        if (name === "fix_request") {
          fixed = true;
          const { request } = input as { request: { endpoint: string; body: object } };
          return { ...request, body: { ...request.body, user: "x" }, changes: [], findings: [] };
        }
        return call(name as "list_parameters", input);
      }) as Host["call"];
    });
    const list = await screen.findByTestId("findings");
    expect(list.textContent).toContain("user is deprecated.");
    await fireEvent.click(screen.getByRole("button", { name: "Use safety_identifier" }));
    await waitFor(() => expect(screen.queryByTestId("findings")).toBeNull());
  });
});
