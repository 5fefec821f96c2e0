/** Publish-time verification of Move packages, upgrades, and the explanation of abort codes. */
export * from './clever-error.ts';
export { checkUpgrade, UPGRADE_POLICY } from './compatibility.ts';
export { MAX_DEPENDENCY_DEPTH, type ModuleLookup } from './link.ts';
export { buildLinkage, buildTypeOrigins, MAX_DEPENDENCIES } from './linkage.ts';
export {
  MAX_PACKAGE_MODULES,
  MAX_PACKAGE_SIZE,
  substituteSelfAddress,
  verifyPackage,
  withSelfAddress,
} from './package-modules.ts';
export {
  type BuiltPackage,
  buildGenesisPackage,
  buildPublish,
  buildUpgrade,
  type PublishRequest,
  packageDigest,
  type UpgradeRequest,
} from './publish.ts';
export { hasInternalTypeParameter, oneTimeWitnessCandidate, verifySui } from './sui/index.ts';
export { verifyModule } from './verify-module.ts';
