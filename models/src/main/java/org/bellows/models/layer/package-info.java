// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The kinds of layers that networks are made of, as plain data: what a layer computes, the shape of
 * its output and the arrays of its parameters. {@link org.bellows.models.layer.Layer} is sealed,
 * and all that depends on the kind of a layer is a {@link org.bellows.models.layer.Layer.Visitor}:
 * a new kind makes the compiler name every place that must know it. No library's classes are used
 * here.
 */
package org.bellows.models.layer;
