/** `docs/operations.md`: alerts must ask for metrics and labels that the servers really have. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics as aggregatorMetrics } from '../../packages/aggregator/src/metrics.ts';
import { createMetrics as keyServerMetrics } from '../../packages/key-server/src/metrics.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const version = { version: '0.6.10', gitVersion: 'test' };

/** Labels by metric name; what Prometheus itself adds is at the end. */
async function knownMetrics(): Promise<Map<string, Set<string>>> {
  const known = new Map<string, Set<string>>();
  for (const { registry } of [keyServerMetrics(version), aggregatorMetrics(version)]) {
    for (const { name } of await registry.getMetricsAsJSON()) {
      const { labelNames = [] } = registry.getSingleMetric(name) as { labelNames?: string[] };
      known.set(name, new Set(labelNames));
      known.set(`${name}_bucket`, new Set([...labelNames, 'le']));
    }
  }
  known.set('up', new Set());
  return known;
}

const alerts = page.slice(page.indexOf('\n## Watch'), page.indexOf('\n## When something'));
const expressions = [...alerts.matchAll(/^\| [a-z ]+ \| `([^`]+)`/gm)].map(([, text = '']) => text);
/** A metric with its optional selector, inside functions and before ranges. */
const SELECTOR = /\b([a-z]\w*)(?:\{([^}]*)\})?(?=\[|\)| [=<>]| \*)/g;
const SCRAPE_LABELS = ['job', 'instance'];

describe('alerts of the operations page', () => {
  it('there are some', () => expect(expressions.length).toBeGreaterThan(10));

  it.each(expressions)('%s', async (expression) => {
    const known = await knownMetrics();
    const plain = expression.replace(/\bby \([^)]*\)/g, '');
    const selectors = [...plain.matchAll(SELECTOR)];
    expect(selectors.length).toBeGreaterThan(0);
    const labels = new Set(SCRAPE_LABELS);
    for (const [, name = '', matchers = ''] of selectors) {
      expect([...known.keys()]).toContain(name);
      for (const label of known.get(name) ?? []) labels.add(label);
      for (const [, label] of matchers.matchAll(/(\w+)!?=/g)) expect([...labels]).toContain(label);
    }
    for (const [, names = ''] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
      for (const name of names.split(', ')) expect([...labels]).toContain(name);
    }
  });

  it('the metrics named in the text exist', async () => {
    const known = await knownMetrics();
    const named = ['client_sdk_version', 'check_policy_duration', 'requests_per_number_of_ids'];
    for (const name of [...named, 'http_request_in_flight']) {
      expect(page).toContain(name);
      expect([...known.keys()]).toContain(name);
    }
  });
});
