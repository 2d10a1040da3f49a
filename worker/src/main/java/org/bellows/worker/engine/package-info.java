// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The interface of every engine that computes training steps: {@link
 * org.bellows.worker.engine.StepEngine} computes, {@link
 * org.bellows.worker.engine.StepEngineProvider} describes an engine and opens it, {@link
 * org.bellows.worker.engine.registry} lists them. Each engine has a package of its own below this
 * one, which only the registry may import.
 *
 * <p>Vectors that go in and out are those of {@link org.bellows.models.network.FlatLayout}, in
 * Java's memory and as floats, whatever memory and number format an engine computes in. Sums over
 * lanes may stay in the engine's memory: {@link org.bellows.worker.engine.GradientSums}.
 * Independent of ranks, Spark and files.
 */
package org.bellows.worker.engine;
