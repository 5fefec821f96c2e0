/**
 * On-chain ids of packages. The compiler takes them only from a `Published.toml` beside each
 * Move.toml and knows only public networks, so that file is made in memory, under one fixed
 * environment name.
 */
import { MoveBuildError } from './errors.ts';
import type { PackageGraph } from './resolve.ts';

/**
 * Where a package is on the chain that the build is for. Ids are `0x` + 64 lower-case hex digits.
 */
export interface PublishedPackage {
  /** Storage id of the version to link with (of version 1: the same as `originalId`). */
  readonly publishedAt: string;
  /** Storage id of version 1: the address inside the module bytes. */
  readonly originalId: string;
  /** 1 for the first publication. */
  readonly version?: number;
}

/** Environment name and chain id that the compiler sees. They do not reach the bytecode. */
export const BUILD_ENVIRONMENT = 'mainnet';
const BUILD_CHAIN_ID = '35834a8a';

const ID = /^0x[0-9a-f]{64}$/;

/** Text of `Published.toml`. @throws MoveBuildError `MOVE_BUILD_INVALID_INPUT` */
export function publicationFile(name: string, published: PublishedPackage): string {
  const version = published.version ?? 1;
  for (const [field, id] of [
    ['publishedAt', published.publishedAt],
    ['originalId', published.originalId],
  ] as const) {
    if (!ID.test(id) || /^0x0+$/.test(id)) {
      throw new MoveBuildError(
        'MOVE_BUILD_INVALID_INPUT',
        `published id of "${name}": ${field} ${JSON.stringify(id)} is not 0x and 64 lower-case ` +
          'hex digits, or is zero',
      );
    }
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new MoveBuildError(
      'MOVE_BUILD_INVALID_INPUT',
      `published id of "${name}": version ${version} must be a whole number from 1`,
    );
  }
  return [
    `[published.${BUILD_ENVIRONMENT}]`,
    `chain-id = "${BUILD_CHAIN_ID}"`,
    `published-at = "${published.publishedAt}"`,
    `original-id = "${published.originalId}"`,
    `version = ${version}`,
    '',
  ].join('\n');
}

/** Where packages that are on no chain are put: ids that no other object has. */
const PLACEHOLDER_IDS_FROM = 0xd0000000;

/**
 * An id for each local dependency of a graph, by package name, the same in every build of it. At
 * address zero, modules of two packages that have the same name would collide.
 */
export function placeholderIds(graph: PackageGraph): Record<string, PublishedPackage> {
  const ids: Record<string, PublishedPackage> = {};
  for (const [index, { manifest }] of graph.dependencies.entries()) {
    const id = `0x${(PLACEHOLDER_IDS_FROM + index).toString(16).padStart(64, '0')}`;
    ids[manifest.name] = { publishedAt: id, originalId: id };
  }
  return ids;
}
