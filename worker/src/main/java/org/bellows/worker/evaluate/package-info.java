/**
 * Exact evaluation: every sample once, in batches whose make-up does not depend on who runs them.
 */
package org.bellows.worker.evaluate;
