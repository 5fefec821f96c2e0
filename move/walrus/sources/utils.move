// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Helpers of the example policies.
module walrus::utils;

/// Whether `word` starts with every byte of `prefix`.
public(package) fun is_prefix(prefix: vector<u8>, word: vector<u8>): bool {
    let n = prefix.length();
    if (n > word.length()) return false;
    let mut i = 0;
    while (i < n) {
        if (prefix[i] != word[i]) return false;
        i = i + 1;
    };
    true
}
