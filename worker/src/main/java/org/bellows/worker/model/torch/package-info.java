// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoints of PyTorch, read without running anything: its zip format ({@code data.pkl} and one
 * entry for each storage) and the older one (five pickles, then the storages).
 *
 * <p>A pickle is a program. {@link org.bellows.worker.model.torch.PickleReader} knows only the
 * instructions that build numbers, texts, lists and dictionaries, and of Python's functions only
 * those of {@link org.bellows.worker.model.torch.TorchGlobals}; anything else is refused by name.
 * Lengths, offsets and counts are checked against the file before anything is allocated; entries of
 * the zip must be stored, as PyTorch writes them, so that nothing inflates; no name becomes a path.
 */
package org.bellows.worker.model.torch;
