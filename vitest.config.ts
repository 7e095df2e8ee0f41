import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** The browser takes minutes: begun last, it would keep one processor busy while the other one waits. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/browser/');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Loading the modules again for each file takes more than most of the tests: files share their processes.
    isolate: false,
    // Node runs the files as it runs Maillon: nothing is translated first, and no test replaces a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Two at least, and four at most: freePort() shares its ports out among four.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/support/shared-postgres.ts'],
    setupFiles: ['test/support/after-each-file.ts'],
  },
});
