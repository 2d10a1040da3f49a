/**
 * What a compiled pass consists of: native memory, oneDNN's primitives, the list of calls. It knows
 * no layer and no network: only tensors, functions and the names that messages need.
 */
package org.bellows.worker.engine.onednn.plan;
