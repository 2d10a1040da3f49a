/**
 * The fast step: a graph's forward and backward pass as a list of oneDNN primitives that is
 * compiled once for each batch size. Arrays lie in the layouts that oneDNN prefers from one end to
 * the other; parameters and gradients keep DL4J's flat vector outside. Knows nothing of lanes,
 * Spark or files.
 *
 * <p>A forward pass alone needs fewer primitives: {@link org.bellows.worker.engine.InferenceFusion}
 * gives convolutions and dense layers the work of what stands behind them.
 *
 * <p>A new layer is one class that extends {@link org.bellows.worker.engine.Node} and one line in
 * {@link org.bellows.worker.engine.GraphTranslator}.
 */
package org.bellows.worker.engine;
