// Test files share processes (vitest.config.ts). Time and spies are the process's own: the next file finds them as they were.
import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
