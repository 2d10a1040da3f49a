/** The training loop of one rank and what it is made of. */
package org.bellows.worker.train;
