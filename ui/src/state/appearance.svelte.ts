// How the window looks: theme, density, text size, folded sidebar, pane widths. Kept as preferences.
import { preference, setPreference } from "../host";

export type Theme = "system" | "light" | "dark";
export type Density = "compact" | "default" | "comfortable";

/** The root size in px that reads as 100%. */
const FULL = 16;
const SMALLEST = 14;
const LARGEST = 20;
export const INITIAL_SHARE = 0.49;

interface Kept {
  theme: Theme;
  density: Density;
  textSize: number;
  sidebarFolded: boolean;
  requestShare: number;
}

export class Appearance {
  theme = $state<Theme>("system");
  density = $state<Density>("default");
  /** Root text size in px, 14 to 20. */
  textSize = $state(FULL);
  sidebarFolded = $state(false);
  /** The request pane's share of Build's width. */
  requestShare = $state(INITIAL_SHARE);
  systemDark = $state(false);

  readonly resolvedTheme = $derived(
    this.theme === "system" ? (this.systemDark ? "dark" : "light") : this.theme,
  );
  readonly zoom = $derived(Math.round((this.textSize / FULL) * 100));

  async load(): Promise<void> {
    const kept = await preference<Partial<Kept>>("appearance").catch(() => null);
    if (!kept) return;
    this.theme = kept.theme ?? this.theme;
    this.density = kept.density ?? this.density;
    this.textSize = kept.textSize ?? this.textSize;
    this.sidebarFolded = kept.sidebarFolded ?? this.sidebarFolded;
    this.requestShare = kept.requestShare ?? this.requestShare;
  }

  change(change: Partial<Kept>): void {
    Object.assign(this, change);
    this.textSize = Math.min(LARGEST, Math.max(SMALLEST, this.textSize));
    const kept: Kept = {
      theme: this.theme,
      density: this.density,
      textSize: this.textSize,
      sidebarFolded: this.sidebarFolded,
      requestShare: this.requestShare,
    };
    // A preference that can't be kept is no reason to interrupt anybody.
    void setPreference("appearance", kept).catch(() => {});
  }

  zoomBy(steps: number): void {
    this.change({ textSize: this.textSize + steps });
  }

  zoomReset(): void {
    this.change({ textSize: FULL });
  }
}
