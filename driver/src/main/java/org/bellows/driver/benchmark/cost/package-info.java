/**
 * What an exchange would take on clusters that are not here: a model with few constants, fitted to
 * measurements of {@code benchmark collective}. Arithmetic alone; measures nothing.
 */
package org.bellows.driver.benchmark.cost;
