import type { BasicModule } from '../support/plans.ts';
import type { Module } from '../support/run-plan.ts';
import { claimModules } from './claims.ts';
import { interactionModules } from './interaction.ts';
import { onceOnlyModules } from './once-only.ts';
import { responseModules } from './responses.ts';

/** Every module of Basic OP; the compiler finds the one that is missing. */
export const basicModules: Readonly<Record<BasicModule, Module>> = {
  ...responseModules,
  ...claimModules,
  ...interactionModules,
  ...onceOnlyModules,
};
