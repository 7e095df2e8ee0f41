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
  setupFiles: ['test/support/after-each-file.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Rules and rooms: their files share two processes. Loading the modules again for each took most of the time.
        test: {
          ...shared,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'demo/**/*.test.ts'],
          exclude: ['src/cli/**'],
          isolate: false,
        },
      },
      {
        // Whole worlds, moved clocks, programs: a process each.
        test: { ...shared, name: 'house', include: ['test/**/*.test.ts', 'src/cli/**/*.test.ts'] },
      },
    ],
  },
});
