// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The definition of a network ({@link org.bellows.models.network.NetworkDefinition}), its costs
 * ({@link org.bellows.models.network.NetworkCost}), where it can be cut ({@link
 * org.bellows.models.network.NetworkCut}), its loss ({@link org.bellows.models.network.Losses}) and
 * the order of its parameters in one flat vector ({@link org.bellows.models.network.FlatLayout}).
 * The families have a package each, and the list of them is in models.zoo: this package imports
 * none of them.
 */
package org.bellows.models.network;
