// The part of Turbo 8 and Stimulus 3 that our scripts use, so that they can be checked without a package manager.
declare module "@hotwired/stimulus" {
  export class Controller {
    readonly element: HTMLElement;
    readonly targets: {
      has(name: string): boolean;
      find(name: string): Element | undefined;
      findAll(name: string): Element[];
    };
    readonly data: {
      get(key: string): string | null;
      set(key: string, value: string): void;
      has(key: string): boolean;
    };
    connect(): void;
    disconnect(): void;
    // Fields that a controller sets for itself when it connects.
    abort?: AbortController;
    timer?: ReturnType<typeof setTimeout>;
  }

  export class Application {
    static start(element?: Element): Application;
    register(identifier: string, controller: typeof Controller): void;
  }
}

declare module "@hotwired/turbo" {
  export function renderStreamMessage(message: string): void;
  export function visit(location: string | URL, options?: { action?: "advance" | "replace"; frame?: string }): void;
}
