/** Finds a Chromium on the machine; the project never downloads one. */
import { existsSync } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export function chromiumPath(): string {
  const asked = process.env['CHROMIUM_PATH'];
  const found = asked ?? USUAL_PLACES.find((path) => existsSync(path));
  if (found && existsSync(found)) return found;
  throw new TypeError(
    `${asked ? `CHROMIUM_PATH is ${asked}, where nothing is` : 'no Chromium was found'}. Install one ` +
      '(Debian: apt-get install chromium) or set CHROMIUM_PATH to its binary.',
  );
}
