/** Optimizers over an owned slice of the flat parameter vector, in plain float arithmetic. */
package org.bellows.models.optimizer;
