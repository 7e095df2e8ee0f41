/** Operators examine, decide and check in the console. One demonstration for all of it; each journey is a file. */
import { describe } from 'vitest';
import { bounds } from './console-bounds.ts';
import { decisions } from './console-decisions.ts';
import { evidence } from './console-evidence.ts';
import { exceptions } from './console-exceptions.ts';
import { forms } from './console-forms.ts';
import { lotsOfMany } from './console-lots.ts';
import { operators } from './console-operators.ts';
import { organizations } from './console-organizations.ts';
import { paper } from './console-paper.ts';
import { queue } from './console-queue.ts';
import { record } from './console-record.ts';
import { roles } from './console-roles.ts';
import { createConsole } from './console-world.ts';

const desk = createConsole();
describe('a file, from its examination to its end', () => decisions(desk));
describe('what an operator writes', () => forms(desk));
describe('the documents of a file', () => evidence(desk));
describe('who may', () => bounds(desk));
describe('what nobody asked for on a page', () => paper(desk));
describe('the queue', () => queue(desk));
describe('an organization', () => organizations(desk));
describe('an exception to the register', () => exceptions(desk));
describe('what is kept of the work', () => record(desk));
describe('who is an operator', () => operators(desk));
describe('one decision for a hundred', () => lotsOfMany(desk));
describe('each role', () => roles(desk));
