// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;

/**
 * A network, and the images that both engines compute.
 *
 * @param samples of the batch
 */
record CheckCase(
    String name, NetworkDefinition network, InputShape input, int classes, int samples) {}
