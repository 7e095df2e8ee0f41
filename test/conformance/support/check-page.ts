import { expect } from 'vitest';
import type { Page } from '../../support/browser-session.ts';

/** A page for the person: HTML, not kept anywhere, and no way on to the client by itself. */
export function checkPage(page: Page, status: number): void {
  expect(page.status).toBe(status);
  expect(page.location).toBeUndefined();
  expect(page.headers['content-type']).toMatch(/^text\/html\b/);
  expect(page.headers['cache-control']).toContain('no-store');
  expect(page.body).toContain('<h1>');
}

export const checkErrorPage = (page: Page): void => {
  checkPage(page, 400);
};
