// The whole demonstration in Chromium, as people meet it: with a mouse, with a keyboard, without scripts, in two
// languages, on a narrow screen. One demonstration and one Chromium for all of it.
import { describe } from 'vitest';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { keyboard } from './journey-keyboard.ts';
import { everyPage } from './journey-pages.ts';
import { people } from './journey-people.ts';
import { turns } from './journey-turns.ts';
import { createStage } from './journey-visit.ts';
import { withoutScript } from './journey-without-script.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('the journeys in a browser');

describe.runIf(chromiumIsHere)('in Chromium', () => {
  const stage = createStage();
  describe('with a mouse', () => people(stage));
  describe('with a keyboard', () => keyboard(stage));
  describe('without scripts', () => withoutScript(stage));
  describe('back, tabs, languages', () => turns(stage));
  describe('every page met on the way', () => everyPage(stage));
});
