/**
 * What every engine that computes training steps has in common: {@link
 * org.bellows.worker.engine.StepEngine} computes, {@link
 * org.bellows.worker.engine.StepEngineProvider} says what an engine can do and opens it, {@link
 * org.bellows.worker.engine.registry} knows which there are. Each engine has a package of its own
 * below this one, and nobody but the registry may import it.
 *
 * <p>Vectors that go in and out are those of {@link org.bellows.models.network.FlatLayout}, in
 * Java's memory and as floats, whatever memory and number format an engine computes in. What is
 * summed over lanes may stay in the engine's memory: {@link
 * org.bellows.worker.engine.GradientSums}. Knows nothing of ranks, Spark or files.
 */
package org.bellows.worker.engine;
