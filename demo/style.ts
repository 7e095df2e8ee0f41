/** The spirit of Maillon's look (tokens first, few components, light and dark), in other colors: these are other sites. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1f1b2e, #ece9f5); --soft: light-dark(#575068, #b6afc9);
  --paper: light-dark(#f6f5fb, #14111f); --card: light-dark(#ffffff, #1e1a2d); --line: light-dark(#d8d4e6, #3b3550);
  --brand: light-dark(#4b2e9b, #b9a5ff); --brand-ink: light-dark(#ffffff, #1b0f45); --wash: light-dark(#ece7fb, #2a2147);
  --yes: light-dark(#1d6b3a, #7fd39b); --yes-wash: light-dark(#e7f3ea, #14321f);
  --no: light-dark(#9c2b1d, #ff9e8f); --no-wash: light-dark(#fbeae7, #3b1a15);
  --focus: light-dark(#b3541e, #ffb37a);
  font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.idp { --brand: light-dark(#7a3b00, #f5b87a); --brand-ink: light-dark(#ffffff, #2e1600); --wash: light-dark(#fbeee0, #3a2410); }
*, *::before, *::after { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto 1fr auto; background: var(--paper); color: var(--ink); border-top: 0.5rem solid var(--brand); overflow-wrap: anywhere }
header, footer { padding: 0.75rem 1.5rem } header { border-bottom: 1px solid var(--line) } footer { border-top: 1px solid var(--line); font-size: 0.9rem; color: var(--soft) }
header p, footer p { margin: 0; max-width: none } .kind { font-size: 0.85rem; font-weight: 600; color: var(--brand) } .site a { font-weight: 650; color: inherit; text-decoration: none }
main { width: 100%; max-width: 46rem; margin: 0 auto; padding: 2rem 1.5rem }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.2vw, 2rem); line-height: 1.2; margin: 0 0 1rem } h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem }
p, ul, dl { margin: 0 0 1rem; max-width: 65ch } a { color: var(--brand); text-underline-offset: 0.2em }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.skip { position: absolute; left: -100vw } .skip:focus { left: 0.5rem; top: 0.5rem; background: var(--card); padding: 0.5rem }
.soft { color: var(--soft) } .row { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center } .row form { margin: 0 }
button, .button { font: inherit; font-weight: 600; display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0.5rem 1.25rem; border: 1px solid var(--brand); border-radius: 1.5rem; background: var(--brand); color: var(--brand-ink); text-decoration: none; cursor: pointer }
.quiet { background: transparent; color: var(--brand) }
.notice { border-left: 4px solid var(--brand); background: var(--wash); padding: 1rem; margin: 0 0 1.5rem } .notice > :last-child { margin-bottom: 0 }
.notice.yes { border-color: var(--yes); background: var(--yes-wash) } .notice.no { border-color: var(--no); background: var(--no-wash) }
.tag { display: inline-block; padding: 0.1em 0.6em; border-radius: 999px; font-size: 0.875rem; font-weight: 600; background: var(--wash); color: var(--brand) }
.people, .tools { list-style: none; padding: 0; display: grid; gap: 0.75rem; max-width: none } .tools li { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem } .tools :last-child { margin-bottom: 0 }
.people button { width: 100%; text-align: left; display: block; padding: 0.75rem 1.25rem; border-radius: 0.75rem; background: var(--card); color: var(--ink); border-color: var(--line); font-weight: 400 }
.people .hinted button { border: 3px solid var(--brand) } .people strong, .people .address, .people .organization { display: block } .people .organization { color: var(--soft) }
dl.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.5rem 1rem } dl.facts dt { color: var(--soft) } dl.facts dd { margin: 0 }
table { width: 100%; border-collapse: collapse; background: var(--card) } caption { text-align: left; padding: 0.75rem; font-weight: 600 }
th, td { text-align: left; vertical-align: top; padding: 0.6rem 0.75rem; border-top: 1px solid var(--line) } th { font-weight: 600 } th:first-child { min-width: 8rem } code { font-size: 0.9em }
@media (max-width: 40rem) { dl.facts { grid-template-columns: 1fr; gap: 0 } dl.facts dd { margin-bottom: 0.75rem } }
@media (forced-colors: active) { .tag, .notice { border: 1px solid } }
`;
