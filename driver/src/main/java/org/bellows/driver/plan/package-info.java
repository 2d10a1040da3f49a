/**
 * What {@code train --dry-run} says of a run before it is one: numbers and the learning rate's
 * curve. A function of configuration and manifest; nothing here reads samples, starts Spark or
 * writes.
 */
package org.bellows.driver.plan;
