// What is told only when it lasts: a word that comes and goes with each key is no help, and has to be drawn each time.

/** In ms: what the engine answers as a rule has come by then. */
const A_WHILE = 500;

/** Whether something has been so for a while. Made where a component is made. */
export class Lasting {
  so = $state(false);

  constructor(is: () => boolean) {
    $effect(() => {
      if (!is()) {
        this.so = false;
        return;
      }
      const timer = setTimeout(() => (this.so = true), A_WHILE);
      return () => clearTimeout(timer);
    });
  }
}
