import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { ProjectConfig, TestSpecification } from 'vitest/node';

/** The browser takes minutes: begun last, it would keep one processor busy while the other one waits. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/browser/');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const shared: ProjectConfig = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  pool: 'forks',
  globalSetup: ['test/support/shared-postgres.ts'],
  setupFiles: ['test/support/after-each-file.ts'],
};

/** A process whose time a test moves keeps timers that would fire without end in the files after it; a browser is a world of its own. */
const alone = globSync('test/**/*.test.ts').filter(
  (file) => file.startsWith('test/browser/') || /movableTime|useFakeTimers/.test(readFileSync(file, 'utf8')),
);

/** Loading the modules again for each file takes more than most of the tests: files share two processes where they can. */
export default defineConfig({
  test: {
    // Two at least, and four at most: freePort() shares its ports out among four.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'demo/**/*.test.ts'],
          isolate: false,
        },
      },
      { test: { ...shared, name: 'worlds', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { test: { ...shared, name: 'alone', include: alone } },
    ],
  },
});
