/** Settings by name; every value has the form that its pattern allows. @throws {TypeError} every fault */
export function parseSettings(text: string): Record<string, string>;
/** The nginx site for settings from `parseSettings`. */
export function renderSite(settings: Record<string, string>, template: string): string;
