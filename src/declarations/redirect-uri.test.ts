import { describe, expect, it } from 'vitest';
import { redirectUriProblem } from './redirect-uri.ts';

describe('an address that may be registered', () => {
  it.each([
    'https://rp.test/cb',
    'https://rp.test',
    'https://rp.test/',
    'https://rp.test:8443/cb',
    'https://rp.test/cb?tenant=a%20b&lang=fr',
    'https://rp.test/oidc/callback/',
    'https://rp.test/_matrix/../'.replace('../', 'client/oidc/callback'),
    'https://rp.test/a.b/c..d/...e',
    'https://rp.test/caf%C3%A9',
    'https://xn--tat-9la.test/cb',
    'https://192.0.2.1/cb',
    'https://[2001:db8::1]/cb',
    'https://rp.test/cb;v=1',
    'https://rp.test/cb?states=1&codes=2',
    'http://localhost:3002/docs/callback',
    'http://127.0.0.1:8080/cb',
    'http://[::1]:8080/cb',
    'http://localhost/cb',
  ])('%s', (uri) => {
    expect(redirectUriProblem(uri)).toBeUndefined();
  });
});

describe('a hostile or ambiguous spelling is refused', () => {
  it.each([
    // User names, and two parsers that disagree (CVE-2026-7504, CVE-2024-8883, CVE-2026-28512).
    ['https://rp.test@evil.test/cb', /user name/],
    ['https://rp.test@@evil.test/cb', /user name/],
    ['https://rp.test%40evil.test/cb', /host|URL/],
    ['https://rp.test:secret@evil.test/cb', /user name/],
    ['http://127.0.0.1:80@evil.test/cb', /user name/],
    ['https://@rp.test/cb', /user name/],
    ['https://rp.test\\@evil.test/cb', /character/],
    ['https://rp.test\\.evil.test/cb', /character/],
    ['https:\\\\rp.test\\cb', /character/],
    ['https://rp.test#@evil.test/cb', /fragment/],
    ['https://rp.test?@evil.test/', /must be written/],
    // Hosts that are not what they look like (CVE-2023-6291).
    ['https://RP.test/cb', /must be written/],
    ['https://rp.test./cb', /dot/],
    ['https://rp\u3002test/cb', /ASCII/],
    ['https://rp\uFF0Etest/cb', /ASCII/],
    ['https://\uFF52p.test/cb', /ASCII/],
    ['https://rp.t\u0435st/cb', /ASCII/],
    ['https://rp.test\u00AD.evil.test/cb', /ASCII/],
    ['https://%72p.test/cb', /host/],
    ['https://0x7f.1/cb', /must be written/],
    ['https://2130706433/cb', /must be written/],
    ['https://127.1/cb', /must be written/],
    ['https://[::ffff:7f00:0001]/cb', /must be written/],
    ['https://rp.test:443/cb', /must be written/],
    ['https://rp.test:/cb', /must be written/],
    ['https://rp.test:0/cb', /port 0/],
    ['https://rp.test:99999/cb', /URL/],
    ['https:///rp.test/cb', /must be written/],
    ['https://', /URL/],
    // Blanks and control characters.
    [' https://rp.test/cb', /ASCII/],
    ['https://rp.test/cb ', /ASCII/],
    ['https://rp.test/c\tb', /ASCII/],
    ['https://rp.test/c\r\nb', /ASCII/],
    ['https://rp.test/cb\u0000', /ASCII/],
    ['https://rp.test/caf\u00e9', /ASCII/],
    // Traversal (CVE-2026-3872, CVE-2022-3782, CVE-2024-1132).
    ['https://rp.test/cb/../admin', /dot segments/],
    ['https://rp.test/cb/./x', /dot segments/],
    ['https://rp.test/cb/..', /dot segments/],
    ['https://rp.test/cb/..;/x', /dot segments/],
    ['https://rp.test/cb/%2e%2e/x', /dot segments/],
    ['https://rp.test/cb/%2E./x', /dot segments/],
    ['https://rp.test/cb/..%3b/x', /dot segments/],
    ['https://rp.test/cb%2f..%2fadmin', /dot segments/],
    ['https://rp.test/cb%252f..%252fadmin', /dot segments/],
    ['https://rp.test/cb%5c..%5cadmin', /dot segments/],
    ['https://rp.test/cb%00', /dot segments/],
    // Wildcards.
    ['https://rp.test/*', /wildcard/],
    ['https://*.rp.test/cb', /wildcard/],
    ['*', /wildcard/],
    // Fragments, even empty (RFC 6749 §3.1.2).
    ['https://rp.test/cb#', /fragment/],
    ['https://rp.test/cb#x', /fragment/],
    // Parameters that we add ourselves (CVE-2026-9689).
    ['https://rp.test/cb?code=x', /parameter code/],
    ['https://rp.test/cb?a=b&state=x', /parameter state/],
    ['https://rp.test/cb?error=x', /parameter error/],
    ['https://rp.test/cb?%63ode=x', /parameter code/],
    ['https://rp.test/cb?CODE=x', /parameter CODE/],
    ['https://rp.test/cb?iss=x', /parameter iss/],
    ['https://rp.test/cb?id_token=x', /parameter id_token/],
    // Schemes (CVE-2026-9086, CVE-2023-6134, CVE-2024-21637).
    ['JaVaScRiPt:alert(1)', /https/],
    ['javascript://rp.test/%0aalert(1)', /https/],
    ['data:text/html,x', /https/],
    ['file:///etc/passwd', /https/],
    ['com.example.app:/cb', /https/],
    ['HTTPS://rp.test/cb', /https/],
    ['//rp.test/cb', /https/],
    ['/cb', /https/],
    ['https:/rp.test/cb', /https/],
    ['https:rp.test/cb', /https/],
    ['', /ASCII/],
    ['urn:ietf:wg:oauth:2.0:oob', /https/],
    // http anywhere but on this machine (RFC 8252 §8.3).
    ['http://rp.test/cb', /localhost only/],
    ['http://localhost.rp.test/cb', /localhost only/],
    ['http://localhost./cb', /dot/],
    ['http://127.0.0.1.rp.test/cb', /localhost only/],
    ['http://127.0.0.2/cb', /localhost only/],
    ['http://0.0.0.0/cb', /localhost only/],
    ['http://[::]/cb', /localhost only/],
    // Markup, for pages that would show it.
    ['https://rp.test/"><script>', /character/],
    ["https://rp.test/'", /character/],
    ['https://rp.test/{x}', /character/],
    ['https://rp.test/`', /character/],
    [`https://rp.test/${'a'.repeat(2000)}`, /2000/],
  ])('%j', (uri, reason) => {
    expect(redirectUriProblem(uri)).toMatch(reason);
  });
});
