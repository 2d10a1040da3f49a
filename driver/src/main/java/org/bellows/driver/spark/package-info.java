/** Spark contexts sized for a run, and the plugin that executors speak to the driver through. */
package org.bellows.driver.spark;
