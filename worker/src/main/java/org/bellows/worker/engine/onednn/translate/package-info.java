/**
 * From a network's description to nodes, and what nodes do on the way of others: a forward pass
 * alone needs fewer primitives, since {@link
 * org.bellows.worker.engine.onednn.translate.InferenceFusion} gives convolutions and dense layers
 * the work of what stands behind them. No primitive may be made here.
 */
package org.bellows.worker.engine.onednn.translate;
